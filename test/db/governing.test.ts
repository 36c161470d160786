/** Somebody must always be left who can give roles and change them. */
import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, expect, it } from '@jest/globals'
import { createUser } from '../../db/accounts.ts'
import { inTransaction, select } from '../../db/connection.ts'
import { changeStatus } from '../../db/people.ts'
import { assignRole, giveRole, takeRole } from '../../db/role-assignments.ts'
import { findRole } from '../../db/role-reads.ts'
import { changeRole } from '../../db/roles.ts'
import { HOUR_MS } from '../../domain/time.ts'
import { count, nextPhone } from '../support/builders.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'

const REFUSED = { code: 'ROLE_REFUSED' }

let db: TestDatabase
let admin = ''
let second = ''
beforeEach(async () => {
  db = await createTestDatabase()
  const [row] = await select<{ id: string }>(
    db,
    "SELECT id FROM users WHERE email = 'admin@example.com'",
  )
  admin = row?.id ?? ''
  const { userId } = await inTransaction(db, (tx) =>
    createUser(tx, {
      kind: 'admin',
      email: `${randomUUID()}@example.com`,
      passwordHash: 'hash',
      firstName: 'Baraka',
      lastName: 'Mutua',
      phone: nextPhone(),
    }),
  )
  second = userId
})
afterEach(() => db.drop())

const give = (userId: string, expiresAt: Date | null = null, by = admin) =>
  inTransaction(db, (tx) => giveRole(tx, { userId, role: 'admin', expiresAt }, by))
const take = (userId: string, by: string) =>
  inTransaction(db, (tx) => takeRole(tx, { userId, role: 'admin' }, by))

it('the last one keeps the role, the account, and what the role allows', async () => {
  await expect(take(admin, second)).rejects.toMatchObject(REFUSED)
  const leave = { status: 'inactive' as const, why: 'left us', actorId: second }
  await expect(inTransaction(db, (tx) => changeStatus(tx, admin, leave))).rejects.toMatchObject(
    REFUSED,
  )
  const role = await findRole(db, 'admin')
  if (!role) throw new Error('no role admin')
  const permissions = role.permissions.filter((one) => one !== 'roles:update')
  const change = { facts: { ...role, permissions }, version: role.version, actorId: second }
  await expect(inTransaction(db, (tx) => changeRole(tx, 'admin', change))).rejects.toMatchObject(
    REFUSED,
  )
})

it('whose role runs out is no reason to let the last one go; another for good is', async () => {
  await give(second, new Date(Date.now() + HOUR_MS))
  await expect(take(admin, second)).rejects.toMatchObject(REFUSED)
  await give(second)
  await take(admin, second)
  await expect(take(second, admin)).rejects.toMatchObject(REFUSED)
})

it('whoever has not chosen a password yet cannot mend anything, so the last one stays', async () => {
  await give(second)
  await select(db, 'UPDATE users SET password_hash = NULL WHERE id = $1', [second])
  await expect(take(admin, second)).rejects.toMatchObject(REFUSED)
})

it('two who let each other go at once leave one', async () => {
  await give(second)
  const both = await Promise.allSettled([take(second, admin), take(admin, second)])
  expect(both.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  expect(await count(db, "role_assignments WHERE role = 'admin' AND active")).toBe(1)
})

it('where nobody ever could, nothing is in the way of the first', async () => {
  await select(db, "UPDATE role_assignments SET active = false WHERE role = 'admin'")
  await inTransaction(db, (tx) =>
    assignRole(tx, { userId: second, role: 'desk', expiresAt: null }, 'test'),
  )
  await inTransaction(db, (tx) => takeRole(tx, { userId: second, role: 'desk' }, admin))
  await give(second)
  expect(await count(db, "role_assignments WHERE role = 'admin' AND active")).toBe(1)
})
