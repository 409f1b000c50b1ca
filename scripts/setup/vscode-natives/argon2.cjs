// Takes the place of argon2, whose native part would have to be compiled: tests serve without a password, and none is ever hashed.
const refuse = () => Promise.reject(new Error('the workbench of the tests has no passwords'));

exports.hash = refuse;
exports.verify = refuse;
