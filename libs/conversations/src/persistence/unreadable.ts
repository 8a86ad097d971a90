/** Code of a message that is encrypted and cannot be read, and of a turn that cannot be answered because of it. */
export const UNREADABLE_CODE = 'MESSAGE.UNREADABLE';
/** What stands in the place of a message that cannot be read. */
export const UNREADABLE_TEXT = 'This message cannot be read: it could not be decrypted.';
/** The same for what somebody thinks of a reply. */
export const UNREADABLE_COMMENT = 'This comment cannot be read: it could not be decrypted.';
