import type { Script } from './script.ts';

/** Speeches for any topic in English. */
export const generalScript: Script = {
  space: ' ',
  quoting: {
    pro: 'You said "{quote}", and even taken at face value that argues for doing this well, not for leaving it undone.',
    con: 'You said "{quote}", which sounds settled until one asks how anybody would find out that it is wrong.',
  },
  rebuttals: {
    pro: [
      'We have just heard about {gist}, so let me put a price on the other pan of the scale.',
      'Concerning {gist}, opinion is plentiful; let us see what observation adds.',
      'I share the unease over {gist}, and precisely for that reason I end up on this side.',
      'Had earlier generations let talk of {gist} decide, much that we now take for granted would be missing.',
      'The objection about {gist} assumes clumsy hands, and hands can learn.',
      'Let us treat {gist} as an engineer would, with a list of failures and a remedy for each.',
      'Pointing to {gist} is half an argument; the other half is a better plan, and it was not offered.',
      'In the long run {gist} is a reason to start early rather than a reason to wait.',
    ],
    con: [
      'The sums behind {gist} leave out a column, and it is the expensive one.',
      'I followed the case for {gist} closely and kept waiting for the control group.',
      'What looks like {gist} from the podium looks rather different from the back of the queue.',
      'As to {gist}, memory is a selective archivist.',
      'On paper {gist} is persuasive, but paper does not answer the telephone.',
      'Behind {gist} hides an assumption that mistakes will be small and reversible.',
      'Let us not confuse {gist} with necessity, since nobody has shown that it must be done this way.',
      'Time was invoked in favour of {gist}, yet time also compounds errors.',
    ],
  },
  speeches: {
    pro: [
      {
        gist: 'the benefits outweighing the bill',
        text: 'Start with the ledger. The case for {topic} rests on gains that recur every year, while most of the expense is paid once, at the beginning. Money saved or earned in this way does not vanish; households spend it, councils tax it and firms invest it elsewhere. Critics usually price the first invoice and forget the following twenty, which is how sensible investments come to look extravagant.',
      },
      {
        gist: 'the record of places that tried',
        text: 'Theory can be left aside, because others have gone first. Where cautious trials were run, organisers published what they expected, measured it afterwards and mostly continued of their own free will. Continuation is telling evidence: people abandon experiments that disappoint them. Regarding {topic}, the honest summary is that results vary in size, seldom in direction, and improve as practitioners learn from one another.',
      },
      {
        gist: 'fairness towards those left waiting',
        text: 'Who gains if we hesitate? Usually those who already have a comfortable substitute and can afford patience. A nurse on night shift, a tenant, a student far from the capital: they live with the status quo and never voted for it. Justice asks us to compare real lives and not ideal ones, and by that test {topic} deserves support, for it widens choices at the bottom before it adds comfort at the top.',
      },
      {
        gist: 'precedents that were feared and then cherished',
        text: 'Our ancestors argued in just this manner about public libraries, vaccination, the vote for women and the weekend. Each reform was called ruinous by serious voices, adopted by narrow majorities and defended a generation later by the grandchildren of its opponents. I do not claim that novelty is always right. I claim that the pattern of alarm around {topic} is familiar, and that alarm has a poor forecasting record.',
      },
      {
        gist: 'a rollout in small reversible steps',
        text: 'Feasibility is a matter of sequence. Begin with volunteers, choose two regions, write down beforehand which figures would make us stop, and appoint somebody whose career does not depend on success. Nothing in {topic} demands a leap in the dark; nearly everything in it can be staged, paused or undone. Institutions that manage hospitals, harbours and elections every day are hardly too fragile for an orderly pilot.',
      },
      {
        gist: 'dangers that safeguards can contain',
        text: 'Hazards exist, so name them and fence them in. Independent audits catch drift, sunset clauses force a second look, complaint offices give the injured a door to knock on. Aviation became safe by investigating every crash in public, not by staying on the ground. The same discipline fits {topic}, and it has a further merit, because inaction carries perils of its own that no inspector ever visits.',
      },
      {
        gist: 'the weakness of every substitute offered',
        text: 'Suppose we decline, and watch what usually follows: appeals to good will fade within months, bans breed loopholes, subsidies breed lobbies, and further study is too often a polite word for burial. Set beside these rivals, {topic} is neither the boldest nor the most timid proposal. It is simply the one that states a goal, accepts a deadline and lets outsiders check whether either has been missed.',
      },
      {
        gist: 'what a generation would inherit',
        text: 'Imagine a classroom thirty years from now. Children there will not ask how our budget looked in spring; they will ask whether skills, habits and institutions were handed over in working order. Capabilities grow like orchards, slowly and only where somebody planted. Supporting {topic} means planting while the ground is soft, and accepting modest shade today for the sake of a harvest that others will gather.',
      },
    ],
    con: [
      {
        gist: 'hidden costs and missed opportunities',
        text: 'Every budget has an invisible page listing whatever was not bought. Resources spent on {topic} are teachers not hired, roofs not mended and debts not repaid, and those absences never hold a press conference. Running expenses tend to be guessed by enthusiasts and paid by successors. Until somebody shows the full account, including maintenance, training and the exit, prudence is the cheaper policy.',
      },
      {
        gist: 'thin and flattering evidence',
        text: 'Look closely at the proofs on offer. Pilot schemes attract motivated staff, extra money and kindly observers, three things that disappear on the day of general adoption. Failures are filed quietly; success is given a logo. Before believing grand claims about {topic} I would want comparison groups, pre-registered measures and at least one report written by a sceptic, and so far I have seen brochures.',
      },
      {
        gist: 'losers who were never consulted',
        text: 'Speak with those at the edge of the plan. They will be told to adapt, usually by someone whose own position needs no adapting. Burdens that are spread thinly over a nation can still crush a street, a trade or a family, and a promise of eventual compensation is not compensation. Whatever its intentions, {topic} asks consent from winners and obedience from everybody else, which reverses what equity requires.',
      },
      {
        gist: 'past enthusiasms that ended badly',
        text: 'Recall the tower blocks that were meant to end slums, the diesel engines sold as clean, the open-plan offices that would make us talk. Clever, well-meaning people championed each of them, and cautious voices were laughed out of the room. Progress did come, but through correction, and correction needs doubters. When admirers of {topic} recite only the triumphs, they are quoting half of the chronicle.',
      },
      {
        gist: 'the gap between design and delivery',
        text: 'Execution is where fine schemes go to die. Staff are missing, software arrives late, rules contradict one another, and the official in charge moves on after eighteen months. Scaling up is not multiplication; a method that shines with fifty devoted people may stumble with fifty thousand tired ones. Nobody has explained which agency would run {topic} on a rainy Tuesday in an understaffed district.',
      },
      {
        gist: 'harm that cannot be undone',
        text: 'Some errors announce themselves and some simply settle in. Lost trust, eroded skill and entrenched interests leave no smoke by which to find the fire, and by the time they are noticed a lobby exists to protect them. Safeguards are drafted by the optimistic and enforced by the overworked. With {topic} the downside has no obvious floor, so the usual habit of trying first and repairing later is reckless.',
      },
      {
        gist: 'simpler remedies left untried',
        text: 'There is a humbler toolbox that has hardly been opened. Enforcing rules already on the books, publishing plain comparisons, funding local groups that know their neighbours, and waiting one year for ongoing studies would each cost little. Modest measures have another virtue, since they reveal quickly whether the diagnosis was right. Leaping straight to {topic} is like ordering surgery for a patient whose temperature nobody took.',
      },
      {
        gist: 'commitments that bind our successors',
        text: 'Consider how decisions harden. Contracts are signed, habits form, rivals disappear, and what was presented as one option among several becomes the landscape. Our descendants would receive {topic} as a fact with lawyers attached, not as a question. Wisdom about distant decades consists mainly in leaving room to change course, and an honest no today preserves more freedom than an eager yes.',
      },
    ],
  },
};
