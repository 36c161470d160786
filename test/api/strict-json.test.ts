/** What two readers of JSON could understand differently is refused, and what is plain passes. */
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { findFault } from '../../api/strict-json.ts'

const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth)

describe('the strict reading of JSON', () => {
  it.each([
    ['{"a":1,"a":2}', 'a', 'twice'],
    [String.raw`{"a":1,"\u0061":2}`, 'a', 'twice'],
    ['{"parties":[{"name":"A"},{"name":"B","name":"C"}]}', 'parties.1.name', 'twice'],
    ['{"__proto__":{"admin":true}}', '__proto__', 'name'],
    [String.raw`{"a":{"__pr\u006fto__":1}}`, 'a.__proto__', 'name'],
    [String.raw`{"name":"a\u0000b"}`, 'name', 'seen'],
    [String.raw`{"name":"a\u001bb"}`, 'name', 'seen'],
    [String.raw`{"name":"\ud83d"}`, 'name', 'seen'],
    [String.raw`{"list":["fine","\u0007"]}`, 'list.1', 'seen'],
    [nested(17), '0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0', 'deeply'],
    [`{"list":${JSON.stringify(Array.from({ length: 1_001 }, () => 0))}}`, 'list', 'at most'],
  ])('refuses %s', (json, path, word) => {
    const fault = findFault(json)
    expect(fault?.path).toBe(path)
    expect(fault?.message).toContain(word)
  })

  it.each([
    ['{"a":{"b":1},"c":{"b":2}}'],
    ['[{"a":1},{"a":2}]'],
    [String.raw`{"note":"first line\nsecond\tline","quote":"\"a\":1,\"a\":2"}`],
    ['{"name":"Wanjirũ 👍🏾","empty":"","deep":[[[[[]]]]]}'],
    [nested(16)],
    ['"a"'],
    ['null'],
  ])('takes %s', (json) => expect(findFault(json)).toBeNull())

  it('takes whatever a program writes from plain values', () => {
    const word = fc.string({
      unit: fc.constantFrom('a', '"', '\\', '{', '}', '[', ',', ':', '\n', 'é'),
    })
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { maxDepth: 5 },
        word,
        fc.integer(),
        fc.boolean(),
        fc.constant(null),
        fc.array(tie('tree'), { maxLength: 5 }),
        fc.dictionary(word, tie('tree'), { maxKeys: 5 }),
      ),
    }))
    fc.assert(fc.property(tree, (value) => findFault(JSON.stringify(value)) === null))
  })
})
