/** The tables of the staff's rooms: each scrolls by itself on a phone, and by keyboard. */
import type { Child } from 'hono/jsx'

/** A column of numbers is set to the right, so that its digits stand below each other. */
export type Head = string | { number: string }

type Props = {
  heads: readonly Head[]
  /** Figures below each other: every column keeps its width. */
  books?: boolean
  /** Inside a card already. */
  bare?: boolean
  children?: Child
} & ({ label: string } | { labelledBy: string })

export const StaffTable = (props: Props) => (
  <div
    class={props.bare ? 'table-scroll' : 'table-scroll card'}
    tabindex={0}
    role="region"
    {...('label' in props
      ? { 'aria-label': props.label }
      : { 'aria-labelledby': props.labelledBy })}
  >
    <table class={props.books ? 'staff-table books' : 'staff-table'}>
      <thead>
        <tr>
          {props.heads.map((head) =>
            typeof head === 'string' ? (
              <th scope="col">{head}</th>
            ) : (
              <th scope="col" class="number">
                {head.number}
              </th>
            ),
          )}
        </tr>
      </thead>
      <tbody>{props.children}</tbody>
    </table>
  </div>
)
