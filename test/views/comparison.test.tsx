/** A comparison that is still running says so, and claims nothing about what it has not read yet. */
import { expect, test } from '@jest/globals'
import { RunView } from '../../views/reconciliation-run.tsx'
import { buildRun } from './gallery-books.tsx'
import { render } from './render.ts'
import * as s from './samples.ts'

const show = (status: 'running' | 'clean') =>
  render(
    <RunView
      page={{ run: buildRun({ status }), lines: [], next: null, now: s.NOW }}
      viewer={s.buildViewer({ staff: true, path: '/finance/reconciliation/1' })}
    />,
  )

test('a running comparison asks for patience, an ended one has known every line', async () => {
  const running = await show('running')
  expect(running).toContain('still reading and comparing')
  expect(running).not.toContain('known from earlier')
  expect(await show('clean')).toContain('known from earlier')
})
