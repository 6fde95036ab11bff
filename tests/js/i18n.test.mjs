// Words: placeholders and plural forms of gettext catalogues.
import assert from 'node:assert/strict'
import {test} from 'node:test'

globalThis.document ??= {documentElement: {dataset: {}, lang: 'en'}}
const {n, pluralForm, t} = await import('../../static/js/i18n.js')

const forms = (header, counts) => counts.map(pluralForm(header))

test('plural expressions of gettext are understood', () => {
  assert.deepEqual(forms('nplurals=2; plural=(n != 1);', [0, 1, 2, 21]), [1, 0, 1, 1])
  assert.deepEqual(forms('nplurals=2; plural=(n > 1);', [0, 1, 2]), [0, 0, 1])
  assert.deepEqual(forms('nplurals=1; plural=0;', [0, 1, 2]), [0, 0, 0])
  assert.deepEqual(forms('nplurals=3; plural=(n==1 ? 0 : n%10>=2 && n%10<=4 && (n%100<12 || n%100>14) ? 1 : 2);', [1, 2, 5, 12, 22, 25]),
    [0, 1, 2, 2, 1, 2])
  assert.deepEqual(forms('nplurals=4; plural=(n%100==1 ? 0 : n%100==2 ? 1 : n%100==3 || n%100==4 ? 2 : 3);', [1, 101, 2, 3, 4, 5]),
    [0, 0, 1, 2, 2, 3])
  assert.deepEqual(forms('nplurals=2; plural=!(n==1);', [1, 2]), [0, 1])
})

test('English needs no catalogue', () => {
  assert.equal(n('{n} vote', '{n} votes', 1), '1 vote')
  assert.equal(n('{n} vote', '{n} votes', 34), '34 votes')
  assert.equal(t('to {names}', {names: 'Núñez'}), 'to Núñez')
})

test('a value that looks like a placeholder is left alone, and so is a placeholder without a value', () => {
  assert.equal(t('Not taken up: “{reason}”', {reason: '{n} $& \\1'}), 'Not taken up: “{n} $& \\1”')
  assert.equal(t('Left of {time}'), 'Left of {time}')
})
