/** Rows are kept as soon as they are there: what fails after a fault was played takes nothing of it away. */

/** `play` adds one row after the other, also when it fails in its middle; `comeHome` answers others where it found more. */
export async function keepRows<Row>(
  keep: (rows: Row[]) => Promise<void>,
  play: (rows: Row[]) => Promise<void>,
  comeHome: (rows: Row[]) => Promise<Row[]>,
): Promise<Row[]> {
  const rows: Row[] = []
  try {
    await play(rows)
  } finally {
    if (rows.length > 0) await keep(rows)
  }
  const all = await comeHome(rows)
  if (all !== rows) await keep(all)
  return all
}
