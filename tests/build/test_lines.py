from entente.build.lines import index_lines

TEXT = '''@base <http://e/> .
@prefix p: <http://p/> .
PREFIX q: <http://q/>
# <s> p:commented "out" .
<s> a p:C ;
    p:one "a;b." , "with \\"quotes\\" # and a hash"@en ,
        """long
text"""^^q:type ;
    p:list ( p:x
        1 ) ;
    p:node [ p:inner
        p:value ] ; p:after p:z.d .
p:a\\/b p:u <http://e/%20> .
GRAPH <g> {
  <t> p:one true .
}
'''


def test_each_triple_has_the_line_of_its_object() -> None:
    lines = index_lines(TEXT)
    expected = {
        ("http://e/s", None, None): 5,
        ("http://e/s", "http://www.w3.org/1999/02/22-rdf-syntax-ns#type", "http://p/C"): 5,
        ("http://e/s", "http://p/one", None): 6,
        ("http://e/s", "http://p/one", "a;b."): 6,
        ("http://e/s", "http://p/one", 'with "quotes" # and a hash'): 6,
        ("http://e/s", "http://p/one", "long\ntext"): 7,
        ("http://e/s", "http://p/list", "1"): 10,
        ("http://e/s", "http://p/inner", "http://p/value"): 12,
        ("http://e/s", "http://p/after", "http://p/z.d"): 12,
        ("http://p/a/b", "http://p/u", "http://e/%20"): 13,
        ("http://e/t", "http://p/one", "true"): 15,
    }
    assert {key: lines.get(key) for key in expected} == expected


def test_a_commented_triple_has_no_line() -> None:
    assert not [key for key in index_lines(TEXT) if key[1] == "http://p/commented"]


def test_text_that_does_not_parse_gives_what_was_understood() -> None:
    assert index_lines('<http://s> <http://p> "unclosed')[("http://s", "http://p", None)] == 1
