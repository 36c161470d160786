/** What the doors say about second steps, passkeys and passwords. Keyed by the English, as in `sentences.ts`. */
export const accountSentences: Record<string, string> = {
  'A second step is needed': 'Hatua ya pili inahitajika',
  'The passkey was refused': 'Ufunguo wa siri umekataliwa',
  'Sign in again first': 'Ingia tena kwanza',
  'Sign in again first, then change how you come in.':
    'Ingia tena kwanza, kisha ubadilishe jinsi unavyoingia.',
  'This code is too long.': 'Msimbo huu ni mrefu mno.',
  'That did not work.': 'Haikufaulu.',
  'Try again, or sign in another way.': 'Jaribu tena, au ingia kwa njia nyingine.',
  'You have many passkeys.': 'Una funguo nyingi za siri.',
  'Remove one first.': 'Ondoa moja kwanza.',
  'Set up a second factor first: sign in with a browser, under Account.':
    'Weka hatua ya pili kwanza: ingia kwa kivinjari, chini ya Akaunti.',
  'Too many wrong codes.': 'Misimbo mingi si sahihi.',
  'Wait a quarter of an hour and try again.': 'Subiri robo saa kisha ujaribu tena.',
  'Your app is set up already.': 'Programu yako tayari imewekwa.',
  'Load the page again.': 'Fungua ukurasa upya.',
  'The code is not right.': 'Msimbo si sahihi.',
  'Wait for the next one in your app and type that.':
    'Subiri msimbo unaofuata kwenye programu yako, kisha uandike huo.',
  'The code is not right, or was used already.': 'Msimbo si sahihi, au umeshatumika.',
  'Type the next one.': 'Andika unaofuata.',
  'This account signs in with a passkey, which needs a browser.':
    'Akaunti hii huingia kwa ufunguo wa siri, unaohitaji kivinjari.',
  'Set up an app there to sign in here.': 'Weka programu huko ili uingie hapa.',
  'Send `code`: the one that your app shows now.':
    'Tuma `code`: msimbo unaoonyeshwa na programu yako sasa.',
  'Type the code that your app shows now.': 'Andika msimbo unaoonyeshwa na programu yako sasa.',
  'There are no passkeys here.': 'Hapa hakuna funguo za siri.',
  'This passkey is of another account.': 'Ufunguo huu wa siri ni wa akaunti nyingine.',
  'You have no such passkey.': 'Huna ufunguo huo wa siri.',
  'This account is closed.': 'Akaunti hii imefungwa.',
  'This password is on the lists that guessers use.':
    'Nywila hii imo kwenye orodha zinazotumiwa na wanaokisia.',
  'It has too much of your own name or address in it.': 'Ina jina lako au anwani yako ndani yake.',
  'Somebody who works here cannot change their own contacts.':
    'Anayefanya kazi hapa hawezi kubadilisha mawasiliano yake mwenyewe.',
  'Sign in there instead.': 'Ingia huko badala yake.',
  'This phone opens another account already.': 'Simu hii tayari inafungua akaunti nyingine.',
  'Sign in by SMS to see it, or speak to us at the desk.':
    'Ingia kwa SMS uione, au zungumza nasi kaunta.',
  'Only its owner changes this': 'Mwenyewe tu ndiye hubadilisha hii',
  'Your phone is proven.': 'Simu yako imethibitishwa.',
  'Change it on the page of your account, by a code.':
    'Ibadilishe kwenye ukurasa wa akaunti yako, kwa msimbo.',
  'Choose another.': 'Chagua nyingine.',
  'There is no such account.': 'Hakuna akaunti kama hiyo.',
  'Write something here.': 'Andika kitu hapa.',
  'No control characters.': 'Bila herufi za udhibiti.',
  'At most 5 characters.': 'Herufi 5 tu zaidi.',
  'Give the number of the box, like 12345.': 'Andika namba ya sanduku, kama 12345.',
  'At most 20 characters.': 'Herufi 20 tu zaidi.',
  'At most 120 characters.': 'Herufi 120 tu zaidi.',
  'Letters and digits only.': 'Herufi na tarakimu tu.',
  'Say a building and road, or a P.O. Box.': 'Sema jengo na barabara, au sanduku la posta.',
  'Choose what the address is for.': 'Chagua anwani ni ya nini.',
  'There is no such address.': 'Hakuna anwani hiyo.',
  'Your addresses were changed meanwhile, maybe on another device.':
    'Anwani zako zimebadilishwa wakati huo, labda kwenye kifaa kingine.',
  'Look at them again, then save.': 'Ziangalie tena, kisha hifadhi.',
  'Type the word that stands in capitals.': 'Andika neno lililo kwa herufi kubwa.',
  'No wish to be erased waits any more.': 'Hakuna ombi la kufuta linalosubiri tena.',
}
