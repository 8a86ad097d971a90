/** The one spelling under which a username is kept and looked up: addresses that differ in case only are one account. */
export const normaliseUsername = (username: string): string => username.trim().normalize('NFC').toLowerCase();
