/**
 * With which version a row begins. More than 1 only where a restore has lost rows of which readers have heard: the same id
 * may come again, by the same key or the same receipt, and what is told of it must be newer than what they know.
 */
export const firstVersion = {
  name: '0035-first-version',
  up: `
CREATE SEQUENCE first_version_floor;
CREATE FUNCTION first_version() RETURNS bigint LANGUAGE sql STABLE
  AS 'SELECT last_value FROM first_version_floor';
`,
}
