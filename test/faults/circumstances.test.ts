import { expect, it } from '@jest/globals'
import { circumstances } from '../../faults/circumstances.ts'

it('what is measured says on what, with which versions, and from which commit', () => {
  const said = circumstances()
  expect(said).toContain(`${process.version}, PostgreSQL 18.4, `)
  expect(said).toMatch(/^\d+ cores \(.+\), \d+ GiB; Node v[\d.]+, .*Kafka [\d.]+; /)
  expect(said).toMatch(/; (?:commit [0-9a-f]{7,}\+?|of no commit), \d{4}-\d\d-\d\d\.$/)
})
