// The differential test of policies: see the file `run` beside this.
import {spawn} from 'node:child_process'
import {createInterface} from 'node:readline'
import {parseArgs} from 'node:util'

import {drawCase, Random} from './draw.mjs'
import {explanationOf} from './differences.mjs'
import {verdictOn} from './evaluator.mjs'

const {values: options} = parseArgs({options: {
  draws: {type: 'string', default: '100000'}, seed: {type: 'string', default: ''}, binary: {type: 'string'}, show: {type: 'string', default: '3'},
}})
const draws = Number(options.draws)
const seed = options.seed === '' ? Date.now() % 4294967296 : Number(options.seed)
console.log(`seed ${seed}`)

const subject = spawn(options.binary, {stdio: ['pipe', 'pipe', 'inherit']})
subject.on('error', (error) => { console.error(String(error)); process.exit(2) })
subject.stdin.on('error', () => {})  // it has ended, which is seen below
const verdicts = createInterface({input: subject.stdout})[Symbol.asyncIterator]()

const random = new Random(seed)
const counts = {}
const explained = {}
let passed = 0
let failed = 0
const BATCH = 200
for (let done = 0; done < draws; done += BATCH) {
  const cases = Array.from({length: Math.min(BATCH, draws - done)}, () => drawCase(random))
  subject.stdin.write(cases.map((drawn) => JSON.stringify(drawn) + '\n').join(''))
  for (const drawn of cases) {
    const line = await verdicts.next()
    if (line.done) {
      console.error(`${options.binary} has ended`)
      process.exit(2)
    }
    const theirs = verdictOn(drawn)
    counts[line.value] = (counts[line.value] ?? 0) + 1
    const why = theirs === line.value ? '' : explanationOf(drawn, line.value)
    if (why) explained[why] = (explained[why] ?? 0) + 1
    if (theirs === line.value || why) {
      ++passed
    } else if (++failed <= Number(options.show)) {
      console.log(`DIFFERS: ${line.value}, by the other evaluator ${theirs}: ${JSON.stringify(drawn)}`)
    }
  }
}
subject.stdin.end()
for (const [verdict, count] of Object.entries(counts).sort()) console.log(`${verdict}: ${count}`)
for (const [why, count] of Object.entries(explained).sort()) console.log(`differs, as listed: ${count} (${why})`)
console.log(`${passed} passed, ${failed} failed`)
process.exit(failed === 0 ? 0 : 1)
