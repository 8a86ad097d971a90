'use strict';
/**
 * Preloaded into a process (`NODE_OPTIONS=--require …`): connections to TEST_INTERNET_ADDRESS, an address of the public internet, are routed to this
 * machine, as a network would. Everything above the connection, such as what may be connected to, is as it is.
 */
const { Socket } = require('node:net');

const address = process.env.TEST_INTERNET_ADDRESS;
const { connect } = Socket.prototype;

Socket.prototype.connect = function routed(...args) {
  const options = Array.isArray(args[0]) ? args[0][0] : args[0];
  if (address !== undefined && options?.host === address) options.host = '127.0.0.1';
  return connect.apply(this, args);
};
