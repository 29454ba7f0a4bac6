/** Style of send, after that of the whole console. */
export const sendStyle = '';
