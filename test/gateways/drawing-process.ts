/** A process that draws the picture it is sent and says what it answered and how many bytes it grew by at most. */
import { buffer } from 'node:stream/consumers'
import { createPictures } from '../../gateways/pictures.ts'

const bytes = await buffer(process.stdin)
const before = process.memoryUsage.rss()
let most = before
// Drawing is done by threads of libvips, so this one is free to look; what a process once had at most it has from its parent.
const watch = setInterval(() => {
  most = Math.max(most, process.memoryUsage.rss())
}, 2)
const read = await createPictures().redraw(bytes)
clearInterval(watch)
const answer = read.kind === 'refused' ? read.fault : read.kind
process.stdout.write(JSON.stringify({ answer, grownBytes: most - before }))
