/** Charges, plans for big amounts, and orders that stand only when everybody has paid. */
import type { Text } from '../language.ts'

export const chargeTexts = {
  chargeTitle: ['Pay for {number}', 'Lipia {number}'],
  chargeShown: ['Charge {number}', 'Malipo {number}'],
  chargesTitle: ['Also to pay', 'Pia ya kulipa'],
  chargeDue: ['To be paid by {time}.', 'Ilipwe kabla ya {time}.'],
  chargePaid: ['{amount} is paid in full, thank you.', '{amount} imelipwa yote, asante.'],
  chargeEnded: ['This charge has ended', 'Malipo haya yamefutwa'],
  chargeEndedPaid: [
    'Nobody need pay it any more. What was paid goes back to whoever paid it.',
    'Hakuna anayehitaji kulipa tena. Kilicholipwa kinarudishwa kwa aliyelipa.',
  ],
  chargeEndedUnpaid: [
    'Nobody need pay it any more. Nobody has been charged.',
    'Hakuna anayehitaji kulipa tena. Hakuna aliyetozwa.',
  ],
  declineCharge: [
    'Not yours to pay? Say so and we stop asking you.',
    'Si wewe wa kulipa? Sema na hatutakuuliza tena.',
  ],
  allOrNobody: [
    'It stands only when everybody has paid their share. If somebody does not, everybody gets their money back.',
    'Itathibitishwa tu kila mtu akilipa sehemu yake. Mmoja asipolipa, kila mtu anarudishiwa pesa yake.',
  ],
  shareDue: ['To be paid by {time}.', 'Ilipwe kabla ya {time}.'],
  coverUntil: [
    'Somebody has not paid. Until {time} the others may pay that share too.',
    'Kuna ambaye hajalipa. Hadi {time} wengine wanaweza kulipa sehemu hiyo pia.',
  ],
  coverFor: [
    'The share of {names} is missing. Until {time} you can pay it too, so that the booking stands.',
    'Sehemu ya {names} bado haijalipwa. Hadi {time} unaweza kuilipa pia, ili nafasi ithibitishwe.',
  ],
  coverShare: ['I pay {amount} for {name}', 'Ninalipa {amount} kwa ajili ya {name}'],
  shrinkOrder: ['Go on without {name}', 'Endelea bila {name}'],
  everybodyPays: ['Who confirms it?', 'Inathibitishwa lini?'],
  modeAnybody: ['Anybody may pay any part', 'Yeyote anaweza kulipa sehemu yoyote'],
  modeAll: ['Only when all have paid their share', 'Kila mtu akishalipa sehemu yake tu'],
  modeAllHint: [
    'The money of each is held. If somebody does not pay in time and nobody pays for them, all get it back.',
    'Pesa ya kila mmoja inahifadhiwa. Mtu asipolipa kwa wakati na wengine wasimlipie, wote wanarudishiwa.',
  ],
  payWithin: ['{name} has to pay within', '{name} alipe ndani ya'],
  payWithinHint: [
    'After that the others may pay this share.',
    'Baada ya hapo wengine wanaweza kulipa sehemu hii.',
  ],
  payWithinWhole: ['as long as the car is held', 'muda wote gari linapowekwa'],
  planOffer: [
    'Pay {amount} in steps: M-Pesa takes at most KSh 250,000 at a time.',
    'Lipa {amount} kwa hatua: M-Pesa hupokea hadi KSh 250,000 kwa mara moja.',
  ],
  planGo: ['See the steps', 'Tazama hatua'],
  planTitle: ['{number} in steps', '{number} kwa hatua'],
  planLead: [
    'You start once a day. We then send one request after the other; you approve each with your PIN.',
    'Unaanza mara moja kwa siku. Kisha tunatuma ombi moja baada ya jingine; unaidhinisha kila moja kwa PIN.',
  ],
  planPhones: ['M-Pesa phones, one on each line', 'Simu za M-Pesa, moja kila mstari'],
  planPhonesHint: [
    'Up to 5. Each may pay up to KSh 500,000 a day.',
    'Hadi 5. Kila moja inaweza kulipa hadi KSh 500,000 kwa siku.',
  ],
  planStart: ['Send the first request', 'Tuma ombi la kwanza'],
  planBack: ['Back to {number}', 'Rudi kwenye {number}'],
  planGoOn: ['Go on', 'Endelea'],
  planStop: ['Stop the plan', 'Simamisha mpango'],
  planBar: [
    '{paid} paid, {asked} on the phone now, {left} to go',
    '{paid} imelipwa, {asked} iko kwenye simu sasa, bado {left}',
  ],
  planBarLast: [
    '{paid} paid, the last {asked} on the phone now',
    '{paid} imelipwa, {asked} ya mwisho iko kwenye simu sasa',
  ],
  planPush: ['The next request is about to go out.', 'Ombi linalofuata linatumwa sasa.'],
  planAnswer: ['Waiting for the PIN on the phone.', 'Tunasubiri PIN kwenye simu.'],
  planSpacing: [
    'M-Pesa wants a short rest between equal amounts. The next request goes out at {time}.',
    'M-Pesa inahitaji mapumziko mafupi kati ya viasi sawa. Ombi linalofuata ni saa {time}.',
  ],
  planResting: [
    'The phones rest until {time}. Put money in, then press “Go on”.',
    'Simu zinapumzika hadi {time}. Ongeza pesa, kisha bonyeza “Endelea”.',
  ],
  planDayLimit: [
    'The phones have reached their limit of today. It goes on from {time}.',
    'Simu zimefikia kikomo cha leo. Itaendelea kuanzia {time}.',
  ],
  planConsent: ['A new day: press “Go on” to start.', 'Siku mpya: bonyeza “Endelea” ili kuanza.'],
  planNoPhone: [
    'None of these phones can pay. Stop the plan and start one with other phones.',
    'Hakuna simu kati ya hizi inayoweza kulipa. Simamisha mpango na uanze mwingine na simu nyingine.',
  ],
  planDone: ['All of it is paid.', 'Yote imelipwa.'],
  planOver: ['This plan is over.', 'Mpango huu umeisha.'],
  planAddPhone: ['Add a phone', 'Ongeza simu'],
  bankTitle: ['Or by bank transfer', 'Au kwa benki'],
  bankName: ['Bank', 'Benki'],
  bankAccount: ['Account number', 'Nambari ya akaunti'],
  bankHolder: ['Account name', 'Jina la akaunti'],
  bankReference: ['Reference', 'Kumbukumbu'],
  bankTell: [
    'Tell our desk when it is sent: it counts once our bank shows it, and this stays open meanwhile.',
    'Iambie ofisi yetu ukishatuma: itahesabiwa benki yetu ikiionyesha, na hii hubaki wazi hadi hapo.',
  ],
  bankInstead: [
    'Or by bank transfer: give {number} as the reference and ask our desk for the account.',
    'Au kwa benki: andika {number} kama kumbukumbu na uulize ofisi yetu akaunti.',
  ],
} as const satisfies Record<string, Text>
