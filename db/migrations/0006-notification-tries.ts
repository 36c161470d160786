/** When a notice may be tried next: one that fails waits by itself, and two senders never take the same one. */
export const notificationTries = {
  name: '0006-notification-tries',
  up: `
ALTER TABLE notifications ADD COLUMN next_try_at timestamptz NOT NULL DEFAULT now();
DROP INDEX notifications_waiting;
CREATE INDEX notifications_waiting ON notifications (channel, next_try_at) WHERE status = 'queued';
`,
}
