"""English: words for what a text cannot hold."""

import re

from selfinstruct.language.media_words import MediaWords
from selfinstruct.language.task_words import words

_SEEN = words(
    "image images picture pictures photo photos photograph photographs painting drawing screenshot screenshots figure video videos clip audio recording recordings podcast x-ray scan footage cartoon logo meme"
)
_DATA = words(
    "file files attachment attachments pdf link url website webpage chart charts graph graphs diagram map spreadsheet memo"
)
_MADE = words(
    "image images picture pictures photo photos photograph video videos animation animations gif screenshot painting drawing sketch illustration collage infographic audio recording podcast slideshow mp3"
)
_MAKE = words(
    "create make design generate produce build prepare construct provide attach include insert show send give render take record film"
)
_NO_NOUN = r"(?! (?:scripts?|titles?|captions?|ideas?|plans?|descriptions?|storyboards?|games?|festivals?|lessons?|reviews?|theory|albums?|exhibitions?|prompts?|frames?|editing|processing|classif\w+|recognition|concepts?|topics?|names?|outlines?|series|briefs?|topic|strategy|campaign|production|call|calls|club|class|quality)\b)"

MEDIA_WORDS = MediaWords(
    noun=re.compile(
        rf"\b(?:{_SEEN}|{_DATA}|attached|uploaded|insert(?:ed)?|song|music|document|table|graphic|contract|article|essay|report|paper|dataset|text|paragraph|poem|list|code|resume|letter|flag|logo|here)\b"
    ),
    named=re.compile(
        rf"(?:please )?(?:see|find|refer to) (?:the )?attached(?: \w+)?|(?:an? |the |see )?(?:attached |uploaded )?(?:[\w'’-]+ ){{0,2}}(?:{_SEEN}|attachment|attachments|pdf|spreadsheet)(?: (?:\d+|[a-d]|attached|of [\w' ]{{1,24}}))?(?:,? (?:and )?image (?:\d|[a-d]))*"
    ),
    points=re.compile(
        rf"\b(?:this|these|the (?:attached|given|following|provided|uploaded|above|below|accompanying|linked)|my|attached|following) (?:[\w-]+ ){{0,2}}(?:{_SEEN}|{_DATA})\b(?! (?:names?|formats?|types?|extensions?))"
        rf"|\b(?:look at|watch|listen to|view|open|see|caption|transcribe|crop|resize|play|hear|describe|based on|according to|shown in|in|from) the (?:[\w-]+ ){{0,1}}(?:image|picture|photo|photograph|screenshot|video|clip|recording|audio|x-ray|diagram|chart|graph|figure|pdf|spreadsheet)(?=\W*$|[.,;:?!]| (?:and|in detail|below|above|provided|attached|to|using|with)\b)"
    ),
    makes=re.compile(
        rf"^(?:please |can you |could you )*(?:{_MAKE}) (?:me |us )?(?:an?|the|some|two|three|your|\d+) (?:(?!for\b|about\b|of\b|with\b|to\b|from\b|in\b)[\w-]+ ){{0,3}}?(?:{_MADE}|(?:bar|pie|line) ?(?:chart|graph)s?)\b{_NO_NOUN}"
        r"|^(?:please |can you |could you )*(?:draw|sketch|paint|doodle|plot|photograph)\b(?!.{0,60}\bin (?:\w+ )?(?:sentences|words|lines|paragraphs))(?! (?:up|on|upon|from|out|near|lots|attention|inspiration|conclusions?|comparisons?|parallels?|(?:an?|the|any|two|three|your) (?:[\w-]+ ){0,2}?(?:conclusions?|comparisons?|parallels?|lessons?|analog\w+|contrast|moral|line between|course|plan|contract|outline|scene in words)|the (?:line|reader)))"
        r"|\binto an? (?:[\w-]+ )?(?:pie|bar|line) (?:chart|graph)\b|\b(?:convert|turn|read|transform)\b[^.;?]{0,40}\b(?:in)?to (?:speech|(?:an? )?(?:audio|mp3|video|picture|image))\b"
    ),
    orders=re.compile(
        r"^(?:please |can you |could you |hey \w+,? )*(?:record|tape|sing|hum|whistle|play|upload|download|scan|browse|google|photograph|film|dial|phone|text|call) (?:me |us )?(?:an?|the|this|my|your|yourself|some|for|happy)\b(?! (?:devil|role|trick|part|part of|case|game|character|\w+ master))"
        r"|^(?:please |can you |could you )*(?:search|look (?:it )?up|find|check)\b[^.?]{0,40}\b(?:online|on the (?:internet|web)|on google|the (?:web|internet) for)\b|^(?:search|google|browse) (?:the )?(?:web|internet|online)\b"
        r"|^(?:please |can you |could you |hey \w+,? )*(?:(?:set|snooze|cancel) (?:an?|my|the) (?:[\w-]+ )?(?:alarm|timer|reminder)|(?:turn|switch) (?:on|off|up|down) (?:the|my|all)|remind me (?:to|at|in)|book (?:me|us|an?|the|two) (?:[\w-]+ )?(?:flights?|tables?|taxi|hotel|tickets?|room|appointment)|(?:order|buy) me)\b"
        r"|\b(?:go to|visit|open|click|click on|follow) (?:the |this )(?:[\w-]+ )?(?:link|url|web ?site|web ?page|page|file)\b|\b(?:save|export|send|upload) (?:it|this|that|them|the \w+) (?:as|in|to) (?:an? )?(?:mp3|wav|jpe?g|png|pdf|audio|image)\b"
        r"|^(?:please )?(?:read|say|speak|recite) (?:[\w'’-]+ ){0,5}?(?:aloud|out loud)\b|^(?:please )?(?:listen to|watch) (?:the|this) (?:\w+ )?(?:song|video|clip|recording|audio|podcast|movie|music)|^(?:please )?take an? (?:photo|picture|screenshot|selfie)\b|\band (?:play|record|sing) it\b|^(?:please )?(?:make|leave|send|record)\b[^.]{0,30}\bvoice (?:message|note|memo)\b|\b(?:i(?:['’]ve| have)? (?:just )?(?:attached|uploaded|sent you))\b"
    ),
    live=re.compile(
        r"\b(?:right now|currently|at the moment|at this moment|today|tonight|this (?:morning|evening)|live|latest|current|today['’]s)\b[^.?]{0,40}\b(?:share|stock|price|weather|temperature|score|exchange rate|traffic|headlines?|latest news|time is it)\b"
        r"|\b(?:share price|stock price|weather|temperature|score|exchange rate|traffic|headlines?|price of [\w ]{1,20}|time is it)\b[^.?]{0,40}\b(?:right now|currently|at the moment|today|tonight|outside)\b"
    ),
    as_text=re.compile(
        r"\b(?:ascii|text|texts|letters?|words?|markdown|mermaid|svg|html|css|latex|tikz|code|python|matplotlib|javascript|sql|script|function|program|emojis?|characters?|prompts?|verbal|alt|captions?|how to|ways|tips|steps|ideas?|describe how|explain how|imagine|imaginary|story|poem|novel|haiku|dialogue|essay|blog|letter|email|article|advert|screenplay|regex|command|terminal)\b"
    ),
    about_names=re.compile(
        r"\b(?:file ?names?|(?:kind|type|sort) of file|name for|file called|filenames?|extensions?|formats?|file types?|types? of file|mime|domain|urls?|links?|alt text|captions?|placeholders?|templates?|paths?|folder|directory|rename|html|markdown|css|regex|command|code|script|json|sort|classify|software|application|program opens|open|naming|wireframe|storyboard|outline|slides?|newsletter|layout|web ?page|readme)\b"
    ),
)
