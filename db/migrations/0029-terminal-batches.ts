/** Each settlement of a card terminal has a batch number on its report: by it the bank names what it pays out. */
export const terminalBatches = {
  name: '0029-terminal-batches',
  up: `
ALTER TABLE terminal_totals ADD COLUMN batch text CHECK (batch ~ '^[A-Z0-9][A-Z0-9 ./-]{0,39}$');
CREATE INDEX terminal_totals_batch ON terminal_totals (terminal, batch) WHERE batch IS NOT NULL;
`,
}
