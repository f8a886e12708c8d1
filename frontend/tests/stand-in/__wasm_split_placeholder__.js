// Stands in for the code that a browser fetches apart, which no test outside of one can fetch: whatever is linked into a
// test finds its function here, and none may call it.
const missing = () => { throw new Error('this code is fetched by browsers only'); };
module.exports = new Proxy({}, { get: () => missing });
