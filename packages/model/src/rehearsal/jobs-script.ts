import type { Script } from './script.ts';

/** The default topic, the impact of AI on the job market: pro holds that it benefits work, con that it does not. */
export const jobsScript: Script = {
  space: ' ',
  quoting: {
    pro: 'You said "{quote}", and I take that seriously, but it describes a transition and not a destination.',
    con: 'You said "{quote}", which is a hope about employers and not yet a promise they have made.',
  },
  rebuttals: {
    pro: [
      'Against {gist} I would set something plainer, namely what happens to prices and pay.',
      'My opponent leans on {gist}, so let us look at what has been counted so far.',
      'As for {gist}, the burden is real, yet it falls hardest where these tools are kept away from people.',
      'The worry about {gist} has been voiced before, at every turning point since the loom.',
      'I grant that {gist} deserves an answer, and the answer begins with how offices really adopt software.',
      'Nobody on this side denies {gist}; we deny that the harm is beyond our control.',
      'If {gist} is the problem, then a slower rollout with nothing beside it is a poor cure.',
      'Finally, {gist} looks smaller once the horizon is a working life and not a budget year.',
    ],
    con: [
      'It is easy to praise {gist} while somebody else pays the invoice.',
      'My opponent offers {gist}; the measurements I know point in a less cheerful direction.',
      'Ask who is missing from the story about {gist}: the person without a degree or a union.',
      'History was called to testify for {gist}, but that witness says more than was quoted.',
      'Between {gist} and a pay slip lie ten years of reorganisation that nobody has budgeted for.',
      'Suppose {gist} is true on average; averages have never paid anyone their rent.',
      'There are other roads to {gist}, and they do not begin with dismissals.',
      'Even if {gist} holds this decade, we are deciding about the ones that follow.',
    ],
  },
  speeches: {
    pro: [
      {
        gist: 'cheaper services that create demand',
        text: 'When a task becomes cheaper, people rarely buy the same amount and pocket the difference; they ask for more of it. Software that drafts contracts lets a small firm afford legal advice for the first time, and that firm then needs a paralegal to check the drafts. Higher output per hour is also the only lasting source of higher wages that economists have found. A country that refuses the gain does not keep its jobs, it merely keeps them poorly paid.',
      },
      {
        gist: 'the measured gains of beginners',
        text: 'We no longer have to guess, because early field studies are in. Brynjolfsson, Li and Raymond followed about five thousand customer support agents and saw fourteen percent more problems solved per hour, with novices improving by roughly a third. Quit rates fell and customers became politer. That pattern matters: assistance lifted the weakest performers most, which is the opposite of a machine that only rewards stars.',
      },
      {
        gist: 'doors opened for people who were shut out',
        text: 'Fairness is my strongest ground, not my weakest. A blind analyst can have charts described aloud, a nurse who trained in another language can write flawless reports, and a carer returning after ten years can catch up within weeks. Credentials used to guard such doors, and they guarded them for the wealthy. Tools that anyone may rent for the price of a lunch loosen that grip far more than another decade of good intentions.',
      },
      {
        gist: 'new occupations that history keeps producing',
        text: 'Look backwards for a moment. David Autor and colleagues estimate that around sixty percent of Americans in 2018 worked in job titles that did not exist in 1940, from solar installer to web designer. Cash machines were supposed to finish off bank tellers; branches became cheaper to run, banks opened more of them, and teller numbers grew for decades. Forecasters reliably see the work that vanishes, while the work that appears has no name yet.',
      },
      {
        gist: 'gradual adoption task by task',
        text: 'In practice a job is a bundle of twenty or thirty tasks, and only a few of them can be handed over at a time. Hospitals bought scheduling assistants and kept their receptionists, who now spend mornings on frightened patients instead of phone queues. Integration, liability and plain caution slow every rollout. That pace gives schools, managers and unions years in which to rearrange duties, and rearranged duties are how most careers have always developed.',
      },
      {
        gist: 'risks that can be insured and regulated',
        text: 'Dangerous does not mean unmanageable. We insured sailors, licensed pilots and taxed tobacco, and each time the rules arrived because the activity was worth keeping. Wage insurance, portable pensions and a duty to consult staff before automating would cover the hardest cases at a fraction of the surplus created. Skills shortages are the graver threat in ageing societies: Japan and Germany already lack hands in care, building and repair.',
      },
      {
        gist: 'help being better than prohibition',
        text: 'Consider what else is on the menu. A tax on software would hit the village bakery as surely as the bank, a ban would send the servers abroad, and a universal freeze would leave clerks copying figures until retirement. Training vouchers tied to real vacancies cost less and respect adults more. Denmark spends generously on moving people between employers, fires fairly easily, and reports some of the most contented workers in Europe.',
      },
      {
        gist: 'work that grows more human over decades',
        text: 'Over a generation the question changes from how many posts exist to what they are like. Farming once took seven in ten of us, and few grandchildren of farmers want the plough back. If machines absorb forms, minutes and inventories, what remains is judgement, care, teaching, craft and persuasion: the parts people mention when asked why they like their profession. I ask you to vote for that future, and to share its proceeds.',
      },
    ],
    con: [
      {
        gist: 'productivity that never reaches wages',
        text: 'Growth in output and growth in pay parted company long ago. Since the late 1970s American productivity has risen several times faster than the typical hourly wage, and nothing in a language model repairs that broken link. Its owners collect a fee on every sentence produced, whereas the clerk it replaces collects a final cheque. Cheaper services help customers only as long as those customers still have an income to spend.',
      },
      {
        gist: 'the losses found around industrial robots',
        text: 'Let me put different numbers on the table. Acemoglu and Restrepo studied local American labour markets and found that one additional robot per thousand workers lowered wages by about 0.4 percent and cut employment, with no full recovery nearby. One call centre during one calm year is a thin basis for optimism about whole economies. Freelance platforms, where nothing cushions the blow, recorded fewer writing orders within months of the first popular chatbot.',
      },
      {
        gist: 'burdens that land on those least able to carry them',
        text: 'Follow the cost and the picture darkens. Clerical posts, held mostly by women, are the most exposed; so are the entry rungs on which young people learned their trade. Gains meanwhile gather in a handful of cities and among holders of shares. A transition that enriches one postcode and empties another is not made just by pointing out that the map, taken as a whole, turned slightly greener.',
      },
      {
        gist: 'decades of hardship after earlier machines',
        text: "The comforting version of the past leaves out its middle chapters. Economic historians speak of Engels' pause: for some fifty years of British industrialisation output soared and ordinary pay barely moved. Weavers did not become engineers; they became paupers, and their grandchildren benefited. Earlier inventions also replaced muscle and left the mind a refuge, whereas this one enters the refuge itself, so the analogy fails exactly where we would need it.",
      },
      {
        gist: 'retraining that does not work at scale',
        text: 'Talk of reskilling is cheap, and courses are not. Evaluations of large public programmes for displaced workers show small effects on earnings, often visible only after years, and almost none for those past fifty. Managers under quarterly pressure do not redesign duties with patience; they announce a hiring stop and let attrition do the rest. What is technically gradual can therefore be brutal in the only month that counts, which is the current one.',
      },
      {
        gist: 'dependence, surveillance and concentrated power',
        text: 'Beyond lost posts lie damaged ones. Algorithms already time warehouse pickers to the second, rank drivers without appeal and filter applicants for reasons nobody can explain. Three or four vendors would set the terms for every office on earth, and an outage or a price rise would halt them all together. Skills wither quietly too: a junior who never drafts anything cannot later notice when the draft is wrong.',
      },
      {
        gist: 'choices other than replacing people',
        text: 'Nothing forces us down this particular path. We could reward inventions that make an electrician more capable and stop subsidising, through the tax code, equipment whose chief merit is a shorter payroll. Shorter weeks, sector bargaining and public data trusts are tested ideas that spread benefits at the source. Refusing a bad bargain is not the same as refusing technology, any more than sending back a dish means giving up dinner.',
      },
      {
        gist: 'what societies lose when work loses its place',
        text: 'Think, last of all, of what holds a town together. Work brings income, but also rhythm, colleagues, standing and a reason to be expected somewhere; where steelworks closed, illness and despair followed for thirty years. Previous upheavals ended because there was somewhere else to go. If systems keep improving at whatever we retreat to, that exit narrows with each release, and a vote for caution today keeps our options open.',
      },
    ],
  },
};
