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

/** Whether stories that go a way of which no history stands are kept (test/replay/recording/tested.ts). */
export const isRecording = (): boolean => process.env['GARI_TEST_RECORD'] === '1'

/** The patch whose time before is to be played (same place); null as a rule. */
export const patchToCome = (): string | null => process.env['GARI_TEST_BEFORE'] ?? null
