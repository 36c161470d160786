/** The description of the API: complete, true to its own schemas, and the same as the file. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from '@jest/globals'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import type { Description, Operation } from '../../api/description.ts'
import { openApiFile } from '../../docs/open-api-file.ts'

const FILE = join(import.meta.dirname, '../../docs/openapi/gari.json')
const ajv = new Ajv2020({ strict: false, allErrors: true })
addFormats.default(ajv)

let written = ''
let document: Description
let operations: { name: string; at: string; operation: Operation }[] = []

const escape = (part: string): string => part.replaceAll('~', '~0').replaceAll('/', '~1')

beforeAll(async () => {
  written = await openApiFile()
  document = JSON.parse(written) as Description
  ajv.addSchema(document, 'gari')
  operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      name: `${method.toUpperCase()} ${path}`,
      at: `gari#/paths/${escape(path)}/${method}`,
      operation,
    })),
  )
})

/** What is wrong, by the name of the operation. */
const wrongOf = (find: (one: (typeof operations)[number]) => string[]): string[] =>
  operations.flatMap((one) => find(one).map((problem) => `${one.name}: ${problem}`))

type Body = { what: string; at: string; example: unknown; hasSchema: boolean }

/** Every body that goes in or out. */
function bodiesOf({ at, operation }: (typeof operations)[number]): Body[] {
  const bodies = (what: string, from: string, content: object = {}) =>
    Object.entries(content as Record<string, { example?: unknown; schema?: object }>).map(
      ([type, { example, schema }]) => ({
        what: `${what} ${type}`,
        at: `${at}/${from}/content/${escape(type)}/schema`,
        example,
        hasSchema: schema !== undefined,
      }),
    )
  return [
    ...bodies('request', 'requestBody', operation.requestBody?.content),
    ...Object.entries(operation.responses).flatMap(([status, { content }]) =>
      bodies(status, `responses/${status}`, content),
    ),
  ]
}

describe('every operation', () => {
  it('has a name of its own, a summary, a tag that is explained, and says whether it needs a token', () => {
    expect(operations.length).toBeGreaterThan(90)
    const explained = new Set(document.tags?.map(({ name }) => name))
    expect(
      wrongOf(({ operation: { operationId, summary, tags, security } }) => [
        ...(operationId && /^[a-z][A-Za-z]+$/.test(operationId) ? [] : ['no name']),
        ...(summary ? [] : ['no summary']),
        ...(tags?.length && tags.every((one) => explained.has(one)) ? [] : ['no tag']),
        ...(security ? [] : ['no security']),
      ]),
    ).toEqual([])
    expect(new Set(operations.map(({ operation }) => operation.operationId)).size).toBe(
      operations.length,
    )
    expect(document.tags?.filter(({ name, description }) => name === description)).toEqual([])
  })

  it('says what is answered when it goes well and when it does not', () => {
    expect(
      wrongOf(({ operation: { responses, security } }) => {
        const statuses = Object.keys(responses)
        return [
          ...(statuses.some((one) => one.startsWith('2')) ? [] : ['no 2xx']),
          ...(statuses.some((one) => one.startsWith('4')) ? [] : ['no 4xx']),
          ...(security?.length && !responses['401'] ? ['no 401'] : []),
          ...statuses
            .filter((one) => /^[45]/.test(one))
            .filter((one) => !responses[one]?.content?.['application/problem+json'])
            .map((one) => `${one} is no problem document`),
          ...statuses
            .filter((one) => /^20[0-3]$/.test(one) && !responses[one]?.content)
            .filter((one) => one !== '202')
            .map((one) => `${one} has no body`),
        ]
      }),
    ).toEqual([])
  })

  it('has an example of each body, which is as its schema says', () => {
    expect(
      wrongOf((one) =>
        bodiesOf(one)
          .filter(({ what }) => what.endsWith('json'))
          .flatMap(({ what, at, example, hasSchema }) => {
            if (!hasSchema || example === undefined) return [`${what} has no schema or no example`]
            const validate = ajv.getSchema(at)
            if (validate?.(example)) return []
            return [`${what} ${ajv.errorsText(validate?.errors)}`]
          }),
      ),
    ).toEqual([])
  })

  it('names each thing in its path, and no other', () => {
    expect(
      wrongOf(({ name, operation: { parameters = [] } }) => {
        const wanted = [...name.matchAll(/\{(\w+)\}/g)].map(([, one]) => one)
        const named = parameters.filter((one) => one.in === 'path').map((one) => one.name)
        return wanted.join() === named.join() ? [] : [named.join()]
      }),
    ).toEqual([])
  })
})

it('an example that is not as its schema says would be found', () => {
  const validate = ajv.getSchema('gari#/components/schemas/Problem')
  expect(validate?.({ type: 'x', title: 'x', status: 'four', code: 'x', detail: 'x' })).toBe(false)
})

it('is what lies in docs/openapi (npm run docs:generate)', async () => {
  expect(await readFile(FILE, 'utf8')).toBe(written)
})
