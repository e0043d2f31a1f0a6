/** An account without a node, for looking at the screens: any login opens it. */

import { signal } from "@preact/signals";
import { type Account, type AccountState, Refusal } from "../shell/account.ts";

const NAME = "harbor-velvet-maple";
const PASSPHRASE = "lantern-cotton-basket-ripple-north-ember";
const WORDS = "harbor velvet maple orbit quiet lantern ripple north basket cotton glide ember";

/** Refused, so that a refusal can be seen. */
const REFUSED = "wrong";

/** Returns an account that knows one sheet. */
export function fakeAccount(): Account {
  const state = signal<AccountState>("out");
  const open = (name: string): Promise<void> => {
    if (name === REFUSED) return Promise.reject(new Refusal("wrong"));
    state.value = "in";
    return Promise.resolve();
  };
  return {
    state,
    suggest: () => Promise.resolve({ name: NAME, passphrase: PASSPHRASE }),
    signIn: ({ name }) => open(name),
    join: async (_, { name }) => {
      await open(name);
      return { words: WORDS.split(" "), qrText: "MFRGGZDFMZTWQ2LKNNWG23TPOBYXE43U" };
    },
    recover: (_, { name }) => open(name),
    lock: () => {
      state.value = state.value === "in" ? "locked" : state.value;
    },
  };
}
