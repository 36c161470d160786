/** What our rule says of a customer, and how to have a person look at it. */
import type { Text } from '../language.ts'

export const ratingTexts = {
  ratingTitle: ['Your rating', 'Tathmini yako'],
  ratingLead: [
    'How far we rely on you, why, and how to have a person look at it.',
    'Tunakutegemea kiasi gani, kwa nini, na jinsi ya kuomba mtu aangalie.',
  ],
  ratingNone: [
    'Nothing was reckoned about you yet. It is done by night.',
    'Bado hakuna kilichokokotolewa kukuhusu. Hufanywa usiku.',
  ],
  ratingLevel_low: ['Low risk', 'Hatari ndogo'],
  ratingLevel_medium: ['Medium risk', 'Hatari ya wastani'],
  ratingLevel_high: ['High risk', 'Hatari kubwa'],
  ratingScore: ['{score} of 100 points', 'Alama {score} kati ya 100'],
  ratingByRule: [
    'Reckoned by our rule {rule}, {time}.',
    'Ilikokotolewa na kanuni yetu {rule}, {time}.',
  ],
  ratingByHand: [
    'Decided by one of us, {time}, until {until}. Then the rule decides again.',
    'Iliamuliwa na mmoja wetu, {time}, hadi {until}. Kisha kanuni itaamua tena.',
  ],
  ratingWhy: ['Why', 'Kwa nini'],
  ratingPoints: ['Points', 'Alama'],
  ratingReason: ['For what', 'Kwa ajili ya'],
  ratingWindow: [
    'We count only what stands in our own books, and what happened only for the last {months} months. The points together make the score, from 0 to 100: below {high} the risk is high, below {medium} medium.',
    'Tunahesabu tu yaliyo kwenye vitabu vyetu, na yaliyotokea katika miezi {months} ya mwisho tu. Alama zote pamoja huwa kati ya 0 na 100: chini ya {high} hatari ni kubwa, chini ya {medium} ni ya wastani.',
  ],
  ratingMeans: ['What it does', 'Inafanya nini'],
  ratingMeaning: [
    'Our people at the desk see it. Where the risk is high they take a closer look before they hand over a car. It refuses nobody, changes no price, and nobody outside is told.',
    'Watu wetu wa dawati huiona. Hatari ikiwa kubwa wanaangalia kwa makini kabla ya kukabidhi gari. Haimkatai mtu yeyote, haibadilishi bei, na hakuna wa nje anayeambiwa.',
  ],
  reason_start: ['Everybody begins with these', 'Kila mtu huanza na hizi'],
  reason_rentals: [
    '{n} rental that came to its end|{n} rentals that came to their end',
    'Ukodishaji {n} uliokamilika|Ukodishaji {n} uliokamilika',
  ],
  reason_years: ['{n} year with us|{n} years with us', 'Mwaka {n} nasi|Miaka {n} nasi'],
  reason_phone: ['A phone that is proven', 'Simu iliyothibitishwa'],
  reason_email: ['An e-mail that is proven', 'Barua pepe iliyothibitishwa'],
  reason_papers: ['Licence and id that we have accepted', 'Leseni na kitambulisho tulivyovikubali'],
  reason_damage: [
    '{n} charge for damage|{n} charges for damage',
    'Ada {n} ya uharibifu|Ada {n} za uharibifu',
  ],
  reason_unpaid: [
    '{n} charge that was not paid by its day|{n} charges that were not paid by their day',
    'Ada {n} ambayo haikulipwa kwa wakati|Ada {n} ambazo hazikulipwa kwa wakati',
  ],
  reason_late: [
    '{n} invoice paid after its day, or still open|{n} invoices paid after their day, or still open',
    'Ankara {n} iliyolipwa kwa kuchelewa au bado|Ankara {n} zilizolipwa kwa kuchelewa au bado',
  ],
  reason_expired: [
    '{n} booking that ran out because nobody paid|{n} bookings that ran out because nobody paid',
    'Nafasi {n} iliyoisha bila kulipwa|Nafasi {n} zilizoisha bila kulipwa',
  ],
  reason_cancelled: [
    '{n} booking called off after it was paid|{n} bookings called off after they were paid',
    'Nafasi {n} iliyoghairiwa baada ya kulipwa|Nafasi {n} zilizoghairiwa baada ya kulipwa',
  ],
  ratingAsk: ['Have a person look at it', 'Omba mtu aangalie'],
  ratingAskText: [
    'By Kenya’s Data Protection Act, 2019 (section 35), no program alone decides about you. Write what we should know; one of us reads it, looks at what was counted, and answers you here.',
    'Kwa Sheria ya Ulinzi wa Data ya Kenya ya 2019 (kifungu cha 35), programu peke yake haiamui kukuhusu. Andika tunachopaswa kujua; mmoja wetu atasoma, ataangalia kilichohesabiwa, na kukujibu hapa.',
  ],
  ratingWords: ['What we should look at', 'Tuangalie nini'],
  ratingAskButton: ['Ask for a person', 'Omba mtu'],
  ratingAsked: [
    'One of us will look at it. The answer comes here.',
    'Mmoja wetu ataangalia. Jibu litakuja hapa.',
  ],
  ratingReviews: ['What you asked', 'Ulichouliza'],
  ratingAnswered: ['Our answer', 'Jibu letu'],
  ratingWaits: ['Nobody has answered yet.', 'Bado hakuna aliyejibu.'],
} as const satisfies Record<string, Text>
