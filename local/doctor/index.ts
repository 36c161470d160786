/**
 * `npm run doctor`: whether this configuration is fit for production, and the world behind it. Ends with 1 where something is
 * wrong. `--json` for programs; `--private=host,host` for servers that only a network of one's own reaches.
 */
import { parseArgs } from 'node:util'
import { describe, examine } from './examine.ts'

const { values } = parseArgs({
  options: { json: { type: 'boolean', default: false }, private: { type: 'string', default: '' } },
})
const vouched = values.private.split(',').filter((host) => host !== '')
const examination = await examine(undefined, { vouched, isShown: !values.json })
const said = values.json ? JSON.stringify(examination, null, 2) : describe(examination)
// Whoever did not answer in time may still hold a connection open.
process.stdout.write(`${said}\n`, () => process.exit(examination.fine ? 0 : 1))
