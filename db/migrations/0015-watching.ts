/** A phone's recent payments are looked at before it is asked again. */
export const watching = {
  name: '0015-watching',
  up: `
CREATE INDEX payments_phone ON payments (phone, requested_at DESC) WHERE phone IS NOT NULL;
`,
}
