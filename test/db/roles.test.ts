/** Roles as data: what they allow, how they are inherited, and that somebody can always mend them. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { createUser, findActor, findContact } from '../../db/accounts.ts'
import { inTransaction, select } from '../../db/connection.ts'
import { changeProfile } from '../../db/own-profile.ts'
import { changeStatus } from '../../db/people.ts'
import { assignRole, giveRole, takeRole } from '../../db/role-assignments.ts'
import { findRole, listAssignments, listPermissions, listRoles } from '../../db/role-reads.ts'
import { changeRole, createRole, deleteRole } from '../../db/roles.ts'
import { SYSTEM_ROLES, type UserKind } from '../../domain/accounts.ts'
import { PERMISSIONS, type Permission } from '../../domain/permissions.ts'
import type { RoleFacts } from '../../domain/roles.ts'
import { HOUR_MS } from '../../domain/time.ts'
import { count, nextPhone } from '../support/builders.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'

let db: TestDatabase
let admin = ''
beforeAll(async () => {
  db = await createTestDatabase()
  const [row] = await select<{ id: string }>(
    db,
    "SELECT id FROM users WHERE email = 'admin@example.com'",
  )
  admin = row?.id ?? ''
})
afterAll(() => db.drop())

async function person(kind: UserKind, ...roles: string[]): Promise<string> {
  const { userId } = await inTransaction(db, (tx) =>
    createUser(tx, {
      kind,
      email: `${randomUUID()}@example.com`,
      passwordHash: null,
      firstName: 'Baraka',
      lastName: 'Mutua',
      phone: nextPhone(),
    }),
  )
  await inTransaction(db, async (tx) => {
    for (const role of roles) await assignRole(tx, { userId, role, expiresAt: null }, 'test')
  })
  return userId
}

const permissionsOf = async (userId: string): Promise<Permission[]> =>
  (await findActor(db, userId))?.permissions ?? []

const newName = () => `r${randomUUID().replaceAll('-', '')}`
const facts = (over: Partial<RoleFacts> = {}): RoleFacts => ({
  description: 'For a test',
  parent: null,
  permissions: [],
  ...over,
})
const make = async (over: Partial<RoleFacts> = {}): Promise<string> => {
  const name = newName()
  await inTransaction(db, (tx) => createRole(tx, name, facts(over), admin))
  return name
}
const change = async (name: string, over: Partial<RoleFacts>, version?: number) => {
  const role = await findRole(db, name)
  if (!role) throw new Error(`no role ${name}`)
  const { description, parent, permissions } = role
  const all = { description, parent, permissions, ...over }
  const wanted = { facts: all, version: version ?? role.version, actorId: admin }
  return inTransaction(db, (tx) => changeRole(tx, name, wanted))
}
const give = (userId: string, role: string, expiresAt: Date | null = null, by = admin) =>
  inTransaction(db, (tx) => giveRole(tx, { userId, role, expiresAt }, by))
const take = (userId: string, role: string, by = admin) =>
  inTransaction(db, (tx) => takeRole(tx, { userId, role }, by))

describe('what Gari brings along', () => {
  it('is what the code asks for, to the letter', async () => {
    const rows = await listPermissions(db)
    expect(Object.fromEntries(rows.map(({ name, description }) => [name, description]))).toEqual(
      PERMISSIONS,
    )
  })

  it('has every role of the house, and each permission in some role', async () => {
    const roles = await listRoles(db)
    const names = roles.filter(({ system }) => system).map(({ name }) => name)
    expect(names.toSorted()).toEqual([...SYSTEM_ROLES].toSorted())
    const given = new Set(roles.flatMap(({ permissions }) => permissions))
    expect(Object.keys(PERMISSIONS).filter((one) => !given.has(one as Permission))).toEqual([])
  })

  it('lets nobody both ask for a refund and own the rules of who may', async () => {
    const allowed = await permissionsOf(await person('admin', 'admin'))
    expect(allowed).toContain('role_assignments:create')
    expect(allowed).not.toContain('refunds:execute')
    expect(allowed).not.toContain('payments:create')
  })
})

describe('a role', () => {
  it('has what its ancestors have', async () => {
    const manager = await permissionsOf(await person('employee', 'manager'))
    // Its own, of the desk, of all staff, of customers.
    for (const one of ['day_closes:create', 'tills:execute', 'charges:read', 'own_payments:read']) {
      expect(manager).toContain(one)
    }
    expect(manager).not.toContain('reconciliation:execute')
  })

  it('that is changed holds for whoever has it at once', async () => {
    const role = await make({ permissions: ['payments:read'] })
    const userId = await person('employee', role)
    expect(await permissionsOf(userId)).toEqual(['payments:read'])
    await change(role, { permissions: ['ledger:read'], parent: 'customer' })
    expect(await permissionsOf(userId)).toContain('own_reservations:read')
    expect(await permissionsOf(userId)).toContain('ledger:read')
    expect(await permissionsOf(userId)).not.toContain('payments:read')
  })

  it('keeps what was before in the audit', async () => {
    const role = await make({ permissions: ['payments:read'] })
    await change(role, { permissions: ['ledger:read'] })
    const [entry] = await select<{ before: object; after: object; actor: string }>(
      db,
      "SELECT actor, before, after FROM audit_entries WHERE entity = 'role' AND entity_id = $1 AND action = 'role.changed'",
      [role],
    )
    expect(entry).toMatchObject({
      actor: admin,
      before: { permissions: ['payments:read'] },
      after: { permissions: ['ledger:read'] },
    })
  })

  it('is not written over by who has seen an older one', async () => {
    const role = await make()
    await change(role, { description: 'The newer' })
    await expect(change(role, { description: 'The older' }, 1)).rejects.toMatchObject({
      code: 'CHANGED_MEANWHILE',
    })
    expect((await findRole(db, role))?.description).toBe('The newer')
  })

  it('is changed by nobody so that they could do more themselves, by permissions or by a parent', async () => {
    const more = { code: 'SECOND_PERSON' }
    const { permissions = [], parent = null } = (await findRole(db, 'admin')) ?? {}
    await expect(
      change('admin', { permissions: [...permissions, 'refunds:execute'] }),
    ).rejects.toMatchObject(more)
    await expect(change('admin', { parent: 'finance' })).rejects.toMatchObject(more)
    const { permissions: ofStaff = [] } = (await findRole(db, 'staff')) ?? {}
    await expect(
      change('staff', { permissions: [...ofStaff, 'payments:create'] }),
    ).rejects.toMatchObject(more)
    expect(await findRole(db, 'admin')).toMatchObject({ permissions, parent })
    expect(await permissionsOf(admin)).not.toContain('payments:create')
    // Of others it is changed, and less for oneself is no harm.
    await change('workshop', { permissions: ['ledger:read'] })
    await change('workshop', { permissions: [] })
  })

  it('is not lost by somebody who is only kept out for now', async () => {
    const role = await make()
    const userId = await person('employee', role)
    await select(db, "UPDATE users SET status = 'suspended' WHERE id = $1", [userId])
    await expect(inTransaction(db, (tx) => deleteRole(tx, role, admin))).rejects.toMatchObject({
      code: 'ROLE_REFUSED',
    })
  })

  it('inherits from no role that inherits from it, also when two change at once', async () => {
    const [one, two] = [await make(), await make()]
    await expect(change(one, { parent: one })).rejects.toMatchObject({ code: 'INVALID_INPUT' })
    const both = await Promise.allSettled([
      change(one, { parent: two }),
      change(two, { parent: one }),
    ])
    expect(both.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    const circles = await count(
      db,
      'roles a JOIN roles b ON b.name = a.parent_role WHERE b.parent_role = a.name',
    )
    expect(circles).toBe(0)
  })

  it('cannot be a circle in the table either', async () => {
    const one = await make()
    const two = await make({ parent: one })
    await expect(
      select(db, 'UPDATE roles SET parent_role = $2 WHERE name = $1', [one, two]),
    ).rejects.toThrow(/inherit from itself/)
  })

  it('goes only when nobody has it, nothing inherits from it, and Gari does not need it', async () => {
    const gone = (name: string) => inTransaction(db, (tx) => deleteRole(tx, name, admin))
    const parent = await make()
    const child = await make({ parent })
    const userId = await person('employee', child)
    for (const name of ['desk', parent, child]) {
      await expect(gone(name)).rejects.toMatchObject({ code: 'ROLE_REFUSED' })
    }
    await take(userId, child)
    await gone(child)
    await gone(parent)
    await expect(gone(parent)).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })
})

describe('an assignment', () => {
  it('says who gave it, and ends by itself', async () => {
    const userId = await person('employee')
    const expiresAt = new Date(Date.now() + HOUR_MS)
    await give(userId, 'desk', expiresAt)
    expect(await listAssignments(db, userId)).toEqual([
      {
        role: 'desk',
        givenBy: admin,
        giverName: 'Wairimu Njoroge',
        givenAt: expect.any(Date),
        expiresAt,
      },
    ])
    expect(await permissionsOf(userId)).toContain('desk:read')
    await select(
      db,
      "UPDATE role_assignments SET expires_at = now() WHERE user_id = $1 AND role = 'desk'",
      [userId],
    )
    expect(await permissionsOf(userId)).toEqual([])
    expect(await listAssignments(db, userId)).toEqual([])
  })

  it('that was taken back can be given again', async () => {
    const userId = await person('employee')
    await give(userId, 'desk')
    await take(userId, 'desk')
    expect(await permissionsOf(userId)).toEqual([])
    await expect(take(userId, 'desk')).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await give(userId, 'desk')
    expect(await permissionsOf(userId)).toContain('desk:read')
    expect(
      await count(db, "audit_entries WHERE entity_id = $1 AND action LIKE 'role.%'", [userId]),
    ).toBe(3)
  })

  it('is of no role that there is not', async () => {
    const userId = await person('employee')
    await expect(give(userId, 'captain')).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await expect(give(randomUUID(), 'desk')).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  it('is given by nobody to themselves, nor to another account with their phone', async () => {
    await expect(give(admin, 'finance')).rejects.toMatchObject({ code: 'SECOND_PERSON' })
    const other = await person('employee')
    const { phone } = (await findContact(db, admin)) ?? {}
    await inTransaction(db, (tx) => changeProfile(tx, other, { phone: phone ?? undefined }))
    await expect(give(other, 'finance')).rejects.toMatchObject({ code: 'SECOND_PERSON' })
    await expect(take(admin, 'admin')).rejects.toMatchObject({ code: 'SECOND_PERSON' })
  })
})

describe('a customer', () => {
  it('has what customers have, and what administrators make of that', async () => {
    const userId = await person('customer')
    const { permissions = [] } = (await findRole(db, 'customer')) ?? {}
    expect(await permissionsOf(userId)).toEqual(permissions)
    await change('customer', {
      permissions: permissions.filter((one) => one !== 'own_reservations:delete'),
    })
    expect(await permissionsOf(userId)).not.toContain('own_reservations:delete')
    await change('customer', { permissions })
    expect(await permissionsOf(userId)).toEqual(permissions)
  })

  it('is given no role that is about things of others', async () => {
    const userId = await person('customer')
    await expect(give(userId, 'finance')).rejects.toMatchObject({ code: 'ROLE_REFUSED' })
    await expect(give(userId, 'customer')).rejects.toMatchObject({ code: 'ROLE_REFUSED' })
    await give(userId, 'owner')
    expect((await findActor(db, userId))?.roles).toEqual(['customer', 'owner'])
  })

  it('may do nothing with things of others, even by a role that was changed afterwards', async () => {
    const role = await make({ permissions: ['own_payments:read'] })
    const userId = await person('customer', role)
    await change(role, { permissions: ['own_payments:read', 'payments:read'] })
    expect(await permissionsOf(userId)).not.toContain('payments:read')
  })
})

describe('an account that is kept out', () => {
  it('is signed out, and says why in the audit', async () => {
    const userId = await person('employee', 'desk')
    const suspend = { status: 'suspended' as const, why: 'lost the phone', actorId: admin }
    const changed = await inTransaction(db, (tx) => changeStatus(tx, userId, suspend))
    expect(changed.status).toBe('suspended')
    expect(await findActor(db, userId)).toBeNull()
    expect(
      await count(db, "audit_entries WHERE entity_id = $1 AND why = 'lost the phone'", [userId]),
    ).toBe(1)
    await expect(
      inTransaction(db, (tx) => changeStatus(tx, admin, { ...suspend })),
    ).rejects.toMatchObject({ code: 'SECOND_PERSON' })
  })
})
