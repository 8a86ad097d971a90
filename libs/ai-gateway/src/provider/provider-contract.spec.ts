import { useFakeUpstream } from '../../../../test/live/fake-upstream';
import { describeProviderContract } from '../../../../test/live/provider-contract';
import { createProvider } from './provider.factory';

describeProviderContract('Fake OpenAI', useFakeUpstream(createProvider));
