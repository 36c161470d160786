/** People prove and change by which phone and e-mail they come in; one customer comes in by one phone. */
export const contactLinks = {
  name: '0084-contact-links',
  steps: [
    'ALTER TABLE account_links DROP CONSTRAINT IF EXISTS account_links_purpose',
    `ALTER TABLE account_links ADD CONSTRAINT account_links_purpose CHECK (purpose IN
       ('verify_email', 'reset_password', 'invitation', 'password_changed', 'factor_changed', 'wrong_codes',
        'key_made', 'new_email', 'email_changed', 'email_left', 'phone_changed')) NOT VALID`,
    'ALTER TABLE account_links VALIDATE CONSTRAINT account_links_purpose',
  ],
}

/** Whether there is an e-mail beside it or not: a code by SMS must lead to one account. The new index is there before the old one goes. */
export const provenPhones = {
  name: '0085-proven-phones',
  steps: [
    'DROP INDEX CONCURRENTLY IF EXISTS users_customer_phone',
    `CREATE UNIQUE INDEX CONCURRENTLY users_customer_phone ON users (phone_index)
       WHERE phone_verified AND kind = 'customer'`,
    'DROP INDEX CONCURRENTLY IF EXISTS users_guest_phone',
    'DROP INDEX CONCURRENTLY IF EXISTS users_guest_phone_index',
  ],
}
