import { AFTER_HAND_OFF, notesOf } from '../../prompt';
import { simulatedAnswer } from './simulator-answer';

const fromUser = (...contents: string[]) => contents.map((content) => ({ role: 'user', content }));
const answerTo = (...contents: string[]): string => simulatedAnswer('YOU ARE: Alex', fromUser(...contents));

describe('what the simulator says of the conversation', () => {
  it.each([
    ['after a return from people', AFTER_HAND_OFF],
    ['with a summary of what was before', notesOf('Dana said: my name is Dana, my parcel is lost.')],
  ])('%s is of what the person wrote, and not of the note of the program', (_when, note) => {
    expect(answerTo(note, 'When do you open?')).toContain('This is the first message of our conversation.');
    const later = answerTo(note, 'When do you open?', 'And on Sunday?');
    expect(later).toContain('message number 2 from you that I can see; the first one was "When do you open?".');
    expect(later).not.toMatch(/\bprogram\b|\bnotes?\b/i);
    expect(answerTo(note, 'What did I say?')).toContain('This is the first thing you wrote.');
    expect(answerTo(note, 'What is my name?')).toContain("You haven't told me your name yet.");
  });

  it('a person who repeats a note is answered all the same', () => {
    expect(answerTo('Hello', AFTER_HAND_OFF)).toContain('You wrote "Note of the program');
  });
});
