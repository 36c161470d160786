/** What the run's set-up hands to the test files, through the environment of their processes. */
export type SharedServer = { adminUrl: string; template: string }

export const inject = (): SharedServer => {
  const given = process.env['GARI_TEST_POSTGRES']
  if (!given) throw new Error('run the tests with npm test: it starts PostgreSQL for them')
  return JSON.parse(given) as SharedServer
}

/** A folder for what the files of one run make once and share; it goes when the run ends. */
export const runFolder = (): string => {
  const given = process.env['GARI_TEST_RUN']
  if (!given) throw new Error('run the tests with npm test: it makes a folder for them')
  return given
}
