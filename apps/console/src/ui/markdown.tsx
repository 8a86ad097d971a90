import type { ComponentChildren } from 'preact';
import { useMemo } from 'preact/hooks';
import { parseMarkdown } from '../markdown/blocks';
import type { Block, Inline } from '../markdown/tree';

/** What a model has written, as elements of this page; nothing of it is read as HTML. */
export function Markdown({ text }: { text: string }) {
  const blocks = useMemo(() => parseMarkdown(text), [text]);
  return <>{blocks.map(showBlock)}</>;
}

function showBlock(block: Block): ComponentChildren {
  switch (block.kind) {
    case 'paragraph':
      return <p>{block.children.map(showInline)}</p>;
    case 'heading':
      return <p class="heading">{block.children.map(showInline)}</p>;
    case 'code':
      // In reach of the keyboard, so that long lines can be scrolled; code is written from left to right.
      return (
        <pre dir="ltr" tabIndex={0}>
          <code>{block.text}</code>
        </pre>
      );
    case 'quote':
      return <blockquote>{block.children.map(showBlock)}</blockquote>;
    case 'list': {
      const items = block.items.map((item) => <li>{showItem(item)}</li>);
      return block.isOrdered ? <ol start={block.start}>{items}</ol> : <ul>{items}</ul>;
    }
    case 'rule':
      return <hr />;
  }
}

/** An item of one paragraph needs none. */
function showItem(item: Block[]): ComponentChildren {
  const [first, ...rest] = item;
  if (first?.kind !== 'paragraph') return item.map(showBlock);
  return [...first.children.map(showInline), ...rest.map(showBlock)];
}

function showInline(node: Inline): ComponentChildren {
  switch (node.kind) {
    case 'text':
      return node.text;
    case 'code':
      return <code dir="ltr">{node.text}</code>;
    case 'strong':
      return <strong>{node.children.map(showInline)}</strong>;
    case 'emphasis':
      return <em>{node.children.map(showInline)}</em>;
    case 'link':
      return (
        <a href={node.href} target="_blank" rel="noopener noreferrer nofollow">
          {node.children.map(showInline)}
        </a>
      );
    case 'break':
      return <br />;
  }
}
