/** Loyalty points. */
import type { Text } from '../language.ts'

export const pointsTexts = {
  pointsTitle: ['Your points', 'Pointi zako'],
  pointsLead: [
    'You collect points with each rental, and pay part of the next one with them.',
    'Unakusanya pointi kwa kila ukodishaji, na kulipia sehemu ya ujao kwa pointi hizo.',
  ],
  pointsBalance: ['{points} point|{points} points', 'Pointi {points}'],
  pointsWorth: ['They pay {worth} of a price.', 'Zinalipa {worth} za bei.'],
  pointsEnding: ['When they run out', 'Zinaisha lini'],
  pointsUntil: ['{points} point on {day}|{points} points on {day}', 'Pointi {points} tarehe {day}'],
  pointsHow: ['How it works', 'Inavyofanya kazi'],
  pointsEarn: [
    'When a rental is over you get one point for each KSh 100 that was paid for it. Deposits and money that went back earn nothing.',
    'Ukodishaji ukiisha unapata pointi moja kwa kila KSh 100 zilizolipwa. Amana na pesa zilizorudishwa hazileti pointi.',
  ],
  pointsSpend: [
    'One point pays KSh 1 of a new booking: at least {least} points, and at most half of the price. If the booking comes to nothing, they come back.',
    'Pointi moja hulipa KSh 1 ya nafasi mpya: angalau pointi {least}, na si zaidi ya nusu ya bei. Nafasi isipofanyika, zinarudi.',
  ],
  pointsLast: [
    'Points last {months} months. The oldest are spent first; what comes back keeps its day.',
    'Pointi hudumu miezi {months}. Za zamani hutumika kwanza; zinazorudi hubaki na siku yake.',
  ],
  pointsHistory: ['How they came and went', 'Zilivyokuja na kutumika'],
  pointsNone: ['Nothing yet.', 'Bado hakuna.'],
  points_earned: ['For rental {number}', 'Kwa ukodishaji {number}'],
  points_reversed: ['Money for {number} went back', 'Pesa za {number} zilirudishwa'],
  points_spent: ['Paid part of {number}', 'Zililipia sehemu ya {number}'],
  points_returned: [
    'Back from {number}, which ended early',
    'Zimerudi kutoka {number}, iliyokatishwa',
  ],
  points_expired: ['Ran out', 'Muda wake uliisha'],
  points_adjusted: ['Changed by us.', 'Tulibadilisha.'],
  points_erased: ['Erased with the account', 'Zilifutwa pamoja na akaunti'],
  pointsUse: ['Use points', 'Tumia pointi'],
  pointsUseHint: [
    'You have {points}. Up to {most} of them lower this price, one KSh 1 each.',
    'Una {points}. Hadi {most} kati yake hupunguza bei hii, kila moja KSh 1.',
  ],
  line_points: ['{n} loyalty point|{n} loyalty points', 'Pointi {n}'],
} as const satisfies Record<string, Text>
