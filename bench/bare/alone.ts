/**
 * The bare worker in a process of its own, so that its memory can be told: the server's address as its argument. It ends
 * with its input, so also with whoever started it.
 */
import { once } from 'node:events'
import { startBareEngine } from './engine.ts'

const [, , address = ''] = process.argv
const engine = await startBareEngine(address)
process.stdout.write('working\n')
await once(process.stdin.resume(), 'end')
await engine.stop()
