/** What goes to Kafka of rentals. */
import { none, reason, rental } from './event-data.ts'

export const RENTAL_EVENTS = {
  'rental.started': {
    when: 'The keys were handed over; the car is on the road.',
    data: rental(none, 'on_the_road'),
  },
  'rental.reminded': {
    when: 'The car is to be back soon; once a rental.',
    data: rental(none, 'on_the_road'),
  },
  'rental.overdue': {
    when: 'The car is not back although its time and the grace are over; once a rental.',
    data: rental(none, 'on_the_road'),
  },
  'rental.returned': {
    when: 'The car is back, and what is owed is proposed.',
    data: rental(none, 'returned'),
  },
  'rental.disputed': {
    when: 'The customer does not agree with what is proposed; a person decides.',
    data: rental(none, 'disputed'),
  },
  'rental.settled': {
    when: 'What is kept of the deposit and what goes back is decided, for good.',
    data: rental(reason('How: `agreed`, `silent` or `decided`.'), 'settled'),
  },
}
