import { TuneError, type TuneClients } from '@trackly-tune/tune-client';

/** Networks that nobody can reach: what the routes do then. `onOpen` is told of each that is opened. */
export function networksAway(onOpen: (networkId: string) => void = () => undefined): TuneClients {
  const refuse = () => Promise.reject(new TuneError('unreachable', 'away'));
  return {
    open({ networkId }) {
      onOpen(networkId);
      return {
        getConversions: refuse,
        getTimeZone: refuse,
        getDefaultCurrency: refuse,
        getActiveCurrencies: refuse,
        findAffiliate: refuse,
        listOffers: refuse,
        findChangedConversions: refuse,
        close: () => Promise.resolve(),
      };
    },
    close: () => Promise.resolve(),
  };
}
