/** The page on which somebody decides about money that came too late. */
import type { Text } from '../language.ts'

export const lateTexts = {
  lateTitle: ['Your payment for {number}', 'Malipo yako ya {number}'],
  lateCame: [
    '{amount} came after the booking had ended, and the car was gone.',
    '{amount} ilifika baada ya nafasi kuisha, na gari lilikuwa limechukuliwa.',
  ],
  lateChoose: [
    'Choose another car for the same days, or have your money back.',
    'Chagua gari lingine kwa siku zilezile, au rudishiwa pesa yako.',
  ],
  lateUntil: [
    'You can choose until {time}. If you do not, your money comes back by itself.',
    'Unaweza kuchagua hadi {time}. Usipochagua, pesa yako itarudi yenyewe.',
  ],
  lateOfferedUntil: [
    'Another car is held until {time}. If nobody chooses, the money goes back to {phone} by itself.',
    'Gari lingine limewekwa hadi {time}. Asipochagua mtu, pesa itarudi yenyewe kwa {phone}.',
  ],
  lateOfferedBySms: [
    'Whoever paid has an SMS with the link to choose.',
    'Aliyelipa amepata SMS yenye kiungo cha kuchagua.',
  ],
  lateGo: ['See the car and choose', 'Ona gari na uchague'],
  lateHeld: ['Held for you', 'Tumekuwekea'],
  lateSamePrice: ['{total} in all, as before', '{total} kwa jumla, kama awali'],
  lateMore: ['{total} in all, {difference} more', '{total} kwa jumla, nyongeza {difference}'],
  lateToPay: ['{amount} is left to pay after you choose.', 'Itabaki {amount} kulipa ukishachagua.'],
  lateTake: ['Take this car', 'Chukua gari hili'],
  lateGone: ['Somebody has taken it meanwhile.', 'Mtu amelichukua kwa sasa.'],
  lateRefund: ['Send my money back', 'Nirudishie pesa yangu'],
  lateRefundHint: [
    'It goes back to the phone it came from. You need do nothing else.',
    'Itarudishwa kwa simu ilikotoka. Huhitaji kufanya lingine.',
  ],
  lateTaken: ['You have a car again', 'Una gari tena'],
  lateTakenText: [
    '{car} is yours for the same days. Your money counts for it.',
    '{car} ni lako kwa siku zilezile. Pesa yako imehesabiwa.',
  ],
  lateBalance: ['{amount} is still to pay.', 'Bado {amount} kulipa.'],
  lateBack: ['Your money goes back', 'Pesa yako inarudishwa'],
  lateDeclined: [
    'You asked for it. We send {amount} back to the phone it came from.',
    'Uliomba. Tunarudisha {amount} kwa simu ilikotoka.',
  ],
  lateExpired: [
    'The time to choose is over. We send {amount} back to the phone it came from.',
    'Muda wa kuchagua umeisha. Tunarudisha {amount} kwa simu ilikotoka.',
  ],
} as const satisfies Record<string, Text>
