// Asks a reconciliation service for mappings of a concept; run by `tests.engines.clients`.
import { addAllProviders, cdk } from "cocoda-sdk"
import process from "node:process"

let text = ""
for await (const part of process.stdin) text += part
const { endpoint, label } = JSON.parse(text)

addAllProviders()
const registry = cdk.initializeRegistry({
  uri: `${endpoint}#registry`,
  provider: "ReconciliationApi",
  api: endpoint,
  schemes: [],
})
const from = {
  uri: "http://example.org/1",
  prefLabel: { en: label },
  inScheme: [{ uri: "http://example.org/" }],
}
const mappings = await registry.getMappings({ from, mode: "or" })
const found = mappings.map(({ to, type }) => ({ uri: to.memberSet[0].uri, type: type[0] }))
process.stdout.write(JSON.stringify(found))
