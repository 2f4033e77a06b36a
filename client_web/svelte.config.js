// `fragments: 'tree'` builds elements one by one, so the page needs no trusted-HTML exception in its content policy.
export default { compilerOptions: { fragments: 'tree' } };
