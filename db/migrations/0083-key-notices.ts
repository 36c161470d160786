/** Whoever has a new key or a new program is told by mail which, and what it may do. */
export const keyNotices = {
  name: '0083-key-notices',
  steps: [
    'ALTER TABLE account_links ADD COLUMN IF NOT EXISTS detail jsonb',
    'ALTER TABLE account_links DROP CONSTRAINT IF EXISTS account_links_purpose',
    `ALTER TABLE account_links ADD CONSTRAINT account_links_purpose CHECK (purpose IN
       ('verify_email', 'reset_password', 'invitation', 'password_changed', 'factor_changed', 'wrong_codes', 'key_made'))
       NOT VALID`,
    'ALTER TABLE account_links VALIDATE CONSTRAINT account_links_purpose',
  ],
}
