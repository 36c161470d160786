/** Who is kept alive comes back as it usually is, whatever a fault that failed in its middle had done to it. */
import { expect, jest, test } from '@jest/globals'
import { createKeeper, type Alive } from '../../faults/keeper.ts'

const said: string[] = []
const keeper = () => createKeeper((line) => void said.push(line))

/** A process that is none: `die` ends it without being asked to. */
function stand(began: string[], name: string) {
  let leave: (why: string) => void = () => undefined
  const exited = new Promise<string>((resolve) => (leave = resolve))
  began.push(name)
  const end = async () => leave('asked')
  const alive: Alive = { pid: process.pid, exited, stop: end, kill9: end }
  return { alive, die: () => leave('died') }
}
const starting = (began: string[], name: string) => async () => stand(began, name).alive
const failing = async (): Promise<Alive> => {
  throw new Error('it does not start')
}

// Signals go to this very process, which goes on.
jest.spyOn(process, 'kill').mockReturnValue(true)

test('what a fault could not start is started as usual', async () => {
  const began: string[] = []
  const { keep, restart, healAll, freeze } = keeper()
  await keep('api', starting(began, 'usual'))
  await expect(restart('api', failing)).rejects.toThrow('it does not start')
  expect(() => freeze('api')).toThrow('not running')
  await healAll()
  expect(began).toEqual(['usual', 'usual'])
  await healAll()
  expect(began).toHaveLength(2)
})

test('settings that a fault gave are taken back, those of a change for good are not', async () => {
  const began: string[] = []
  const { keep, restart, change, replace, healAll } = keeper()
  await keep('api', starting(began, 'usual'))
  await restart('api', starting(began, 'shifted'))
  await healAll()
  await change('api', starting(began, 'changed'))
  await healAll()
  await replace('api', starting(began, 'replaced'))
  await healAll()
  await restart('api', starting(began, 'small'))
  await restart('api')
  expect(began).toEqual(['usual', 'shifted', 'usual', 'changed', 'replaced', 'small', 'replaced'])
})

test('a replacement that does not start leaves the old one, which comes back as it was', async () => {
  const began: string[] = []
  const { keep, replace, kill, healAll, restarts } = keeper()
  await keep('api', starting(began, 'usual'))
  await expect(replace('api', failing)).rejects.toThrow('it does not start')
  await kill('api')
  await healAll()
  expect(began).toEqual(['usual', 'usual'])
  expect(restarts()).toBe(1)
})

test('whoever dies again and again with settings that cannot be comes back as usual', async () => {
  const began: string[] = []
  const { keep, restart, healAll } = keeper()
  await keep('api', starting(began, 'usual'))
  let first: ReturnType<typeof stand> | undefined
  await restart('api', async () => {
    if (first) return failing()
    first = stand(began, 'shifted')
    return first.alive
  })
  first?.die()
  await healAll()
  expect(began).toEqual(['usual', 'shifted', 'usual'])
})
