/** The page about a customer's credit. */
import type { Text } from '../language.ts'

export const creditTexts = {
  creditTitle: ['Your credit', 'Salio lako'],
  creditNow: ['We owe you {amount}.', 'Tunakudai {amount}.'],
  creditChoice: ['What shall we do with it?', 'Tufanye nini nalo?'],
  creditKeep: [
    'Keep it with us: it is there for your next booking and does not run out.',
    'Liache kwetu: litatumika kwa nafasi yako ijayo na haliishi muda.',
  ],
  creditKeepButton: ['Keep it for the next booking', 'Liweke kwa nafasi ijayo'],
  creditBack: [
    'Or we send all of it to your M-Pesa, {phone}.',
    'Au tulitume lote kwa M-Pesa yako, {phone}.',
  ],
  creditBackButton: ['Send {amount} back to my M-Pesa', 'Nitumie {amount} kwa M-Pesa yangu'],
  creditLooked: [
    'We have not checked yet that this number is yours, so one of us looks at it first.',
    'Bado hatujathibitisha kuwa nambari hii ni yako, kwa hiyo mmoja wetu ataiangalia kwanza.',
  ],
  creditNoPhone: [
    'We have no M-Pesa number of yours. Please ask our desk to send it back.',
    'Hatuna nambari yako ya M-Pesa. Tafadhali waombe ofisini wakurudishie.',
  ],
  creditRefunds: ['Sent back', 'Kilichorudishwa'],
  creditRefund_way: ['{amount} is on its way to {phone}', '{amount} iko njiani kwenda {phone}'],
  creditRefund_looked: ['{amount}: one of us looks at it', '{amount}: mmoja wetu anaiangalia'],
  creditRefund_declined: [
    '{amount} was not sent; it is still your credit',
    '{amount} haikutumwa; bado ni salio lako',
  ],
  creditRefund_back: ['{amount} went to {phone}', '{amount} ilitumwa kwa {phone}'],
  creditLines: ['How it came about', 'Lilivyotokea'],
  creditLine_payment: ['paid, more than was owed', 'malipo yaliyozidi'],
  creditLine_refund: ['sent back', 'kilichorudishwa'],
  creditLine_return: ['returned to your credit', 'kimerudi kwenye salio'],
  creditLine_other: ['used', 'kilichotumika'],
} as const satisfies Record<string, Text>
