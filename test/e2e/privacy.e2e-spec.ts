import { Client as Postgres } from 'pg';
import { Client, type SendAnswer } from '../support/client';
import { readEvents } from '../support/event-reader';
import { FakeOpenAI, scenarios } from '../support/fake-openai';
import { type Parley, startParley } from '../support/parley';
import { eventually } from '../support/process';
import { COUNTRIES, PRIVATE_WORDS, readCorpus } from '../privacy/corpus';
