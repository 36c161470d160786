/** What a person has in the large tables is found without reading them whole, when they are to be forgotten. */
import { buildIndex } from './migration.ts'

export const foundByPerson = {
  name: '0074-found-by-person',
  steps: [
    ...buildIndex('provider_messages_subject', 'provider_messages (subject_id)'),
    ...buildIndex(
      'notifications_reservation',
      'notifications (reservation_id) WHERE reservation_id IS NOT NULL',
    ),
    ...buildIndex('notifications_charge', 'notifications (charge_id) WHERE charge_id IS NOT NULL'),
    ...buildIndex(
      'notifications_customer',
      'notifications (customer_id) WHERE customer_id IS NOT NULL',
    ),
    ...buildIndex('refunds_customer', 'refunds (customer_id) WHERE customer_id IS NOT NULL'),
    ...buildIndex('refund_hand_wishes_refund', 'refund_hand_wishes (refund_id)'),
    ...buildIndex('payment_plans_customer', 'payment_plans (customer_id)'),
    ...buildIndex('payment_plan_phones_phone', 'payment_plan_phones (phone)'),
  ],
}
