import { afterEach, describe, expect, it } from '@jest/globals'
import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { choosePorts, freePort } from '../../local/ports.ts'
import { CLAIMS, claimPort } from '../../local/port-claims.ts'

const claims: string[] = []
const fileOf = (port: number) => {
  const file = join(CLAIMS, String(port))
  claims.push(file)
  return file
}
afterEach(() => Promise.all(claims.splice(0).map((file) => rm(file, { force: true }))))

/** Both live as long as this test: its parent stands for another instance. */
const [US, OTHERS, NOBODY] = [process.pid, process.ppid, 2 ** 22 + 1]

describe('a port that another instance is about to use', () => {
  it('is left alone, while the same instance may ask again', async () => {
    const port = await freePort()
    fileOf(port)
    expect(await claimPort(port, OTHERS)).toBe(true)
    expect(await claimPort(port, US)).toBe(false)
    expect(await claimPort(port, OTHERS)).toBe(true)
  })

  it('is free again when that instance has gone, or took too long', async () => {
    const [gone, slow] = [await freePort(), await freePort()]
    fileOf(gone)
    await claimPort(gone, NOBODY)
    expect(await claimPort(gone, US)).toBe(true)
    const file = fileOf(slow)
    await writeFile(file, String(OTHERS))
    const longAgo = new Date(Date.now() - 10 * 60_000)
    await utimes(file, longAgo, longAgo)
    expect(await claimPort(slow, US)).toBe(true)
  })

  it('is not chosen, though nobody listens on it yet', async () => {
    const home = await mkdtemp(join(tmpdir(), 'gari-ports-'))
    const remembered = await freePort()
    await writeFile(join(home, 'ports.json'), JSON.stringify({ kafka: remembered }))
    fileOf(remembered)
    await claimPort(remembered, OTHERS)
    const ports = await choosePorts(home, { host: '127.0.0.1', wanted: undefined })
    for (const port of Object.values(ports)) fileOf(port)
    expect(ports.kafka).not.toBe(remembered)
    await rm(home, { recursive: true })
  })
})
