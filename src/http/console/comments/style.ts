/** Style of the page of readers' comments, after that of the whole console. */
export const commentsStyle = `
.comments { display: grid; gap: 10px; margin-bottom: 0; padding: 0; list-style: none; max-width: 60em; }
.comments li { display: grid; gap: 10px; padding: 16px 18px; }
.comments-words { white-space: pre-wrap; max-width: 46em; overflow-wrap: anywhere; }
`;
