/** The rooms of those who look after accounts. */
const ROOMS = [
  { path: '/admin/people', name: 'People' },
  { path: '/admin/roles', name: 'Roles' },
  { path: '/admin/audit', name: 'Who changed what' },
] as const

export type PeopleRoom = (typeof ROOMS)[number]['path']

export const PeopleNav = ({ here }: { here: PeopleRoom }) => (
  <nav class="rooms" aria-label="Accounts">
    {ROOMS.map(({ path, name }) => (
      <a href={path} aria-current={path === here ? 'page' : undefined}>
        {name}
      </a>
    ))}
  </nav>
)
