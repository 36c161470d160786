/** Offers and news, and the way out of them. */
import type { Text } from '../language.ts'

export const choicesTexts = {
  choicesTitle: ['Your choices', 'Chaguo zako'],
  choicesLead: [
    'Whether we may send you offers and news. What is about your bookings and payments comes either way.',
    'Kama tunaweza kukutumia ofa na habari. Ujumbe kuhusu nafasi na malipo yako huja vyovyote vile.',
  ],
  choicesLink: [
    'Whether we may send you offers and news.',
    'Kama tunaweza kukutumia ofa na habari.',
  ],
  choicesOffers: ['Offers and news', 'Ofa na habari'],
  choicesOptional: [
    'You need not tick anything; everything works without it.',
    'Si lazima uweke alama yoyote; kila kitu kinafanya kazi bila hiyo.',
  ],
  choicesSave: ['Save my choices', 'Hifadhi chaguo zangu'],
  choicesSaved: ['Your choices are saved.', 'Chaguo zako zimehifadhiwa.'],
  choicesSavedFor: ['What they said is saved.', 'Walichosema kimehifadhiwa.'],
  choicesLapsed: [
    'You said yes on {time}. Since then our words have changed or much time has passed, so we send nothing and ask again.',
    'Ulikubali {time}. Tangu hapo maneno yetu yamebadilika au muda mrefu umepita, kwa hiyo hatutumi chochote na tunauliza tena.',
  ],
  choicesUnproven: [
    'Nothing is sent until it is proven to be yours.',
    'Hakuna kinachotumwa hadi ithibitishwe kuwa ni yako.',
  ],
  choicesNoEmail: ['You have no e-mail with us yet.', 'Bado huna barua pepe nasi.'],
  choicesNoPhone: ['You have no phone with us yet.', 'Bado huna simu nasi.'],
  choicesLaw: [
    'By Kenya’s Data Protection Act, 2019 (section 32), you may take a yes back at any time.',
    'Kwa Sheria ya Ulinzi wa Data ya Kenya ya 2019 (kifungu cha 32), unaweza kuondoa idhini yako wakati wowote.',
  ],
  choicesHistory: ['What you have said so far', 'Uliyosema hadi sasa'],
  choicesNothing: [
    'Nothing yet, so we send no offers.',
    'Bado hujasema chochote, kwa hiyo hatutumi ofa.',
  ],
  choiceYes_email: ['Yes to offers by e-mail', 'Ndiyo kwa ofa kwa barua pepe'],
  choiceYes_sms: ['Yes to offers by SMS', 'Ndiyo kwa ofa kwa SMS'],
  choiceNo_email: ['No to offers by e-mail', 'Hapana kwa ofa kwa barua pepe'],
  choiceNo_sms: ['No to offers by SMS', 'Hapana kwa ofa kwa SMS'],
  choiceAt_registering: ['when you opened the account', 'ulipofungua akaunti'],
  choiceAt_account: ['on this page', 'kwenye ukurasa huu'],
  choiceAt_unsubscribe_link: ['by the link in a message', 'kwa kiungo cha ujumbe'],
  choiceAt_desk: ['at our desk', 'ofisini kwetu'],
  choiceWords: ['You read: “{words}”', 'Ulisoma: “{words}”'],
  stopTitle_email: ['Stop offers by e-mail', 'Sitisha ofa kwa barua pepe'],
  stopTitle_sms: ['Stop offers by SMS', 'Sitisha ofa kwa SMS'],
  stopText: [
    'One press, and no more offers or news come this way. What is about your bookings and payments still comes.',
    'Bonyeza mara moja tu, na ofa au habari hazitakuja tena kwa njia hii. Ujumbe kuhusu nafasi na malipo yako bado utakuja.',
  ],
  stopButton: ['Stop them', 'Sitisha'],
  stopDone: ['Done. No more offers come this way.', 'Tayari. Ofa hazitakuja tena kwa njia hii.'],
  stopAgain: [
    'You can change your mind in your account, under “Your choices”.',
    'Unaweza kubadilisha nia kwenye akaunti yako, chini ya “Chaguo zako”.',
  ],
} as const satisfies Record<string, Text>
