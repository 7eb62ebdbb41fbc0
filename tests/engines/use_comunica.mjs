// Asks an endpoint with Comunica as its users do: the address alone, no hint what kind of source.
import { QueryEngine } from '@comunica/query-sparql';

const fields = JSON.parse(await new Response(process.stdin).text());
const engine = new QueryEngine();
const context = {};
if (fields.endpoint) context.sources = [fields.endpoint];
if (fields.sources) context.sources = fields.sources;
if (fields.token) {
  context.fetch = (input, init = {}) => {
    const headers = new Headers(init.headers ?? {});
    headers.set('Authorization', `Bearer ${fields.token}`);
    return fetch(input, { ...init, headers });
  };
}
const plain = (term) => term?.value;
let answer;
if (fields.kind === 'rows') {
  const rows = await (await engine.queryBindings(fields.query, context)).toArray();
  answer = rows.map((row) => Object.fromEntries([...row].map(([name, term]) => [name.value, plain(term)])));
} else if (fields.kind === 'ask') {
  answer = await engine.queryBoolean(fields.query, context);
} else if (fields.kind === 'triples') {
  const quads = await (await engine.queryQuads(fields.query, context)).toArray();
  answer = quads.map((quad) => [plain(quad.subject), plain(quad.predicate), plain(quad.object)]);
} else {
  context.sources = [];
  context.destination = { type: 'sparql', value: fields.update };
  await engine.queryVoid(fields.query, context);
  answer = 'done';
}
console.log(JSON.stringify(answer));
