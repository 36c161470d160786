/** The payment page: exact about money, and calm. */
import type { Text } from '../language.ts'

export const payTexts = {
  payTitle: ['Pay for {number}', 'Lipia {number}'],
  payHeading: ['Pay by M-Pesa', 'Lipa kwa M-Pesa'],
  paidToGo: ['{paid} paid, {left} to go', '{paid} imelipwa, bado {left}'],
  nothingPaidYet: ['{left} to pay', 'Bado kulipa {left}'],
  allPaid: ['{paid} paid. Nothing left to pay.', '{paid} imelipwa. Hakuna deni.'],
  shares: ['Who has paid', 'Nani amelipa'],
  shareLine: ['{paid} of {share}', '{paid} kati ya {share}'],
  shareDone: ['Paid {share}', 'Amelipa {share}'],
  youMark: ['(this page)', '(ukurasa huu)'],
  barLabel: ['{name} has paid {paid} of {share}', '{name} amelipa {paid} kati ya {share}'],
  heldUntil: ['We hold the car for you until {time}.', 'Tunakuwekea gari hadi {time}.'],
  deadlineMoved: [
    'Part is paid. We hold the car until {time} for the rest.',
    'Sehemu imelipwa. Tunaweka gari hadi {time} kwa salio.',
  ],
  timeLeft: ['{time} left', 'zimebaki {time}'],
  holdJustEnded: [
    'The time to pay ended at {time}. We are checking for payments on the way.',
    'Muda wa kulipa uliisha {time}. Tunakagua kama kuna malipo njiani.',
  ],
  sending: ['We are sending a request to {phone}.', 'Tunatuma ombi kwa {phone}.'],
  sendingHint: [
    'Keep that phone unlocked and near you.',
    'Weka simu hiyo karibu nawe, ikiwa imefunguliwa.',
  ],
  promptSent: ['We sent a request to {phone}.', 'Tumetuma ombi kwa {phone}.'],
  promptWhatNow: ['Open it and type your M-Pesa PIN.', 'Lifungue na uandike PIN yako ya M-Pesa.'],
  promptFrom: ['It asks for {amount}. Sent at {time}.', 'Linaomba {amount}. Limetumwa saa {time}.'],
  nothingCame: ['Nothing came?', 'Hakuna kilichofika?'],
  nothingCameText: [
    'Check that the phone is on and has network. A request lives about a minute; after that we ask M-Pesa what happened and you can send it again. You are charged only if you type your PIN.',
    'Hakikisha simu imewashwa na ina mtandao. Ombi hudumu kama dakika moja; baadaye tunauliza M-Pesa kilichotokea, kisha unaweza kulituma tena. Unatozwa tu ukiandika PIN yako.',
  ],
  longWait: [
    'This takes longer than usual. You need do nothing: we keep asking M-Pesa.',
    'Inachukua muda kuliko kawaida. Huhitaji kufanya lolote: tunaendelea kuuliza M-Pesa.',
  ],
  checking: [
    'We are asking M-Pesa what happened to {amount} from {phone}.',
    'Tunauliza M-Pesa kilichotokea kwa {amount} kutoka {phone}.',
  ],
  checkingHint: [
    'Please do not pay again from that phone. If the money left your account, we will see it here.',
    'Tafadhali usilipe tena kwa simu hiyo. Kama pesa ilitoka kwako, tutaiona hapa.',
  ],
  unexplained: [
    'Something about {amount} from {phone} does not match. A person is looking at it.',
    'Kuna kitu hakilingani kuhusu {amount} kutoka {phone}. Mtu analishughulikia.',
  ],
  unexplainedHint: [
    'Your money is safe: it counts for this booking or it comes back to you.',
    'Pesa yako iko salama: itahesabiwa kwenye nafasi hii au itarudishwa kwako.',
  ],
  refusedHeading: ['{amount} was not paid.', '{amount} haikulipwa.'],
  notCharged: ['You have not been charged.', 'Hujatozwa chochote.'],
  received: ['We received {amount} from {name}.', 'Tumepokea {amount} kutoka kwa {name}.'],
  receiptIs: ['M-Pesa receipt {receipt}', 'Risiti ya M-Pesa {receipt}'],
  refundOnWay: ['{amount} is on its way back to {phone}.', '{amount} inarudishwa kwa {phone}.'],
  refundDone: ['{amount} went back to {phone}.', '{amount} imerudishwa kwa {phone}.'],
  payPhone: ['M-Pesa phone number', 'Nambari ya M-Pesa'],
  payPhoneHint: [
    'The request goes to this phone. It may be anybody’s who agrees.',
    'Ombi litaenda kwa simu hii. Inaweza kuwa ya yeyote anayekubali.',
  ],
  payAmount: ['Amount in KSh', 'Kiasi kwa KSh'],
  payAmountHint: [
    'Whole shillings, up to {most}. You may pay in parts.',
    'Shilingi kamili, hadi {most}. Unaweza kulipa kwa sehemu.',
  ],
  setShare: ['This share: {amount}', 'Sehemu hii: {amount}'],
  setAll: ['All that is left: {amount}', 'Salio lote: {amount}'],
  shareOption: ['{name}: {left} to go', '{name}: bado {left}'],
  shareOptionDone: ['{name}: paid', '{name}: amelipa'],
  payForWhom: ['For whose share?', 'Kwa sehemu ya nani?'],
  payButton: ['Pay by M-Pesa', 'Lipa kwa M-Pesa'],
  payAmountButton: ['Pay {amount} by M-Pesa', 'Lipa {amount} kwa M-Pesa'],
  payMore: ['Pay from another phone', 'Lipa kwa simu nyingine'],
  paySafe: [
    'We ask for no PIN here. You type it only on your own phone.',
    'Hatuombi PIN hapa. Unaiandika tu kwenye simu yako.',
  ],
  refresh: ['Refresh', 'Onyesha upya'],
  decline: ['I will not pay', 'Sitalipa'],
  declineText: [
    'Not part of this trip? Say so and we stop asking you.',
    'Haumo kwenye safari hii? Sema na hatutakuuliza tena.',
  ],
  payEnded: ['This booking has ended', 'Nafasi hii imeisha'],
  payEndedPaid: [
    'The car is no longer held. What was paid goes back to the phone it came from.',
    'Gari halijawekwa tena. Kilicholipwa kinarudishwa kwa simu kilikotoka.',
  ],
  payEndedUnpaid: [
    'The car is no longer held. You have not been charged.',
    'Gari halijawekwa tena. Hujatozwa chochote.',
  ],
  searchAgain: ['Search again', 'Tafuta tena'],
  toBooking: ['To the booking', 'Kwenye nafasi'],
} as const satisfies Record<string, Text>
