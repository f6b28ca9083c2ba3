//! Pure table: the words of the first page, which answers a prosecutor's questions.

words! {
    /// Words of the first page.
    AnswerWords, ANSWERS_EN, ANSWERS_IT;

    title: "In short", "In sintesi";
    indicator: "Every result here is an indicator from a machine: it says where to look, never who is guilty.",
        "Ogni risultato è un indizio prodotto da una macchina: dice dove guardare, mai chi è colpevole.";
    nothing_confirmed: "Nothing here has been confirmed by a person yet.", "Nulla di quanto segue è stato ancora confermato da una persona.";
    some_confirmed: "A named person has confirmed 1 finding and dismissed {dismissed}; {open} are open.|Named persons have confirmed {n} findings and dismissed {dismissed}; {open} are open.",
        "Una persona identificata ha confermato 1 rilevamento; respinti: {dismissed}, aperti: {open}.|Persone identificate hanno confermato {n} rilevamenti; respinti: {dismissed}, aperti: {open}.";

    examined: "What was examined?", "Che cosa è stato esaminato?";
    case: "Case", "Caso";
    no_case: "not part of a case", "nessun caso associato";
    by: "By", "Da chi";
    when: "When", "Quando";
    run_took: "(last run: {time})", "(ultima esecuzione: {time})";
    resumed: "resumed once|resumed {n} times", "ripresa una volta|ripresa {n} volte";
    scan: "Scan", "Scansione";
    material: "Material", "Materiale";
    kind: "Kind", "Tipo";
    folder: "folder", "cartella";
    fixed_by: "Fixed by", "Fissato da";
    fixed_each: "the digests of each file, in items.jsonl", "le impronte hash di ogni file, in items.jsonl";
    unread_source: "could not be read", "non è stato possibile leggerlo";
    more_sources: "1 more under “Material”.|{n} more under “Material”.", "Un altro in «Materiale».|Altri {n} in «Materiale».";
    images: "Disk images", "Immagini di dischi";
    image: "Disk image", "Immagine di disco";
    volumes: "File systems found", "File system trovati";
    no_volume: "none that could be read", "nessuno leggibile";
    more_images: "1 more disk image under “Material”.|{n} more disk images under “Material”.", "Un’altra immagine di disco in «Materiale».|Altre {n} immagini di dischi in «Materiale».";
    in_all: "In all", "In totale";
    archives: "1 archive opened|{n} archives opened", "1 archivio aperto|{n} archivi aperti";
    inside: "1 file inside archives|{n} files inside archives", "1 file negli archivi|{n} file negli archivi";
    copies: "1 exact copy of another file|{n} exact copies of other files", "1 copia esatta di un altro file|{n} copie esatte di altri file";

    with: "With what?", "Con che cosa?";
    program: "Program", "Programma";
    issuer: "Issuer", "Emittente";
    no_list: "No list was given: nothing could be known or near.", "Nessun elenco fornito: nulla poteva risultare noto o simile.";
    more_lists: "1 more under “Lists”.|{n} more under “Lists”.", "Un altro in «Elenchi».|Altri {n} in «Elenchi».";
    rejected: "1 row unusable|{n} rows unusable", "1 riga inutilizzabile|{n} righe inutilizzabili";
    cut_off: "cut off: entries are missing", "troncato: mancano voci";

    sure: "How sure is it?", "Quanto è certo?";
    exact_means: "A digest of the file equals one in a list, so it has the same bytes. Files made on purpose to share an MD5 or SHA-1 exist; none are known for SHA-256. Whether the entry is right is its issuer’s to say.",
        "Un’impronta hash del file coincide con una in elenco: ha quindi gli stessi byte. Esistono file costruiti apposta per avere lo stesso MD5 o SHA-1; per SHA-256 non se ne conoscono. Dell’esattezza della voce risponde chi ha emesso l’elenco.";
    exact_by: "By SHA-256: {sha256}; by SHA-1: {sha1}; by MD5 only: {md5}.", "Per SHA-256: {sha256}; per SHA-1: {sha1}; solo per MD5: {md5}.";
    near_means: "The picture’s PDQ signal differs in at most {bits} of 256 bits from one in a list. Alike is not the same: unlike pictures usually differ in about 128 bits, yet some come this near. Look at each.",
        "L’impronta PDQ dell’immagine differisce al massimo in {bits} bit su 256 da una in elenco. Simile non vuol dire uguale: immagini diverse differiscono di solito in circa 128 bit, ma alcune si avvicinano così tanto. Guardarle una per una.";
    near_here: "Here {from} to {to} bits.", "Qui da {from} a {to} bit.";
    new_means: "In none of the lists above, and near to nothing in them. It says nothing of what the file shows.", "In nessuno degli elenchi indicati, né simile a ciò che contengono. Non dice nulla di ciò che il file mostra.";
    new_victim: "An unidentified victim may be among them.", "Tra queste può esserci una vittima non identificata.";
    confirmed: "Confirmed by a person", "Confermato da una persona";
    confirmed_of: "{confirmed} of 1 finding|{confirmed} of {n} findings", "{confirmed} su 1 rilevamento|{confirmed} su {n} rilevamenti";
    confirmed_means: "Every finding is open until a named person confirms or dismisses it.", "Ogni rilevamento resta aperto finché una persona identificata non lo conferma o lo respinge.";

    found: "What was found?", "Che cosa è stato trovato?";
    of_them_pictures: "1 picture|{n} pictures", "1 immagine|{n} immagini";
    by_category: "By category, as the lists give it", "Per categoria, come indicata negli elenchi";
    no_category: "No known or near file has a category.", "Nessun file noto o simile ha una categoria.";
    more_categories: "1 more category under “Charts”.|{n} more categories under “Charts”.", "Un’altra categoria in «Grafici».|Altre {n} categorie in «Grafici».";
    new_grouped: "1 new picture; no two are alike.|{n} new pictures; no two are alike.", "1 immagine nuova; nessun gruppo di simili.|{n} immagini nuove; nessun gruppo di simili.";
    new_groups: "{pictures} in 1 group; it holds {most}.|{pictures} in {n} groups; the largest holds {most}.",
        "{pictures} in 1 gruppo di {most}.|{pictures} in {n} gruppi; il più grande ne contiene {most}.";
    new_pictures: "1 new picture|{n} new pictures", "1 immagine nuova|{n} immagini nuove";
    no_new_pictures: "No new picture.", "Nessuna immagine nuova.";
    thumbnails_differ: "1 picture holds an embedded thumbnail that shows something else.|{n} pictures hold embedded thumbnails that show something else.",
        "1 immagine contiene una miniatura incorporata che mostra altro.|{n} immagini contengono miniature incorporate che mostrano altro.";
    thumbnails_agree: "No embedded thumbnail that shows something else was found.", "Nessuna miniatura incorporata che mostri altro.";
    generated: "1 file says that a program generated it, in whole or in part.|{n} files say that a program generated them, in whole or in part.",
        "1 file dichiara di essere stato generato, in tutto o in parte, da un programma.|{n} file dichiarano di essere stati generati, in tutto o in parte, da un programma.";
    not_generated: "No file says that a program generated it. That is no information, and never a sign that a picture is genuine.",
        "Nessun file dichiara di essere stato generato da un programma. Non è un’informazione, e mai un segno che un’immagine sia autentica.";
    how_checked: "How far that was checked", "Fin dove è stato verificato";
    people_said: "People who looked have said of 1 file how it was made.|People who looked have said of {n} files how they were made.",
        "Chi ha guardato ha detto di 1 file come è stato prodotto.|Chi ha guardato ha detto di {n} file come sono stati prodotti.";
    tied: "Tied together by device, series, names or likeness: 1 group.|Tied together by device, series, names or likeness: {n} groups.",
        "Legati da dispositivo, serie, nomi o somiglianza: 1 gruppo.|Legati da dispositivo, serie, nomi o somiglianza: {n} gruppi.";
    earlier: "1 earlier scan is tied to new files of this one:|{n} earlier scans are tied to new files of this one:",
        "1 scansione precedente è legata a file nuovi di questa:|{n} scansioni precedenti sono legate a file nuovi di questa:";
    earlier_counts: "{same} with the same bytes, {near} near, {device} from the same device", "{same} con lo stesso contenuto, {near} simili, {device} dallo stesso dispositivo";
    categorised: "Examiners have categorised 1 file.|Examiners have categorised {n} files.", "Gli esaminatori hanno classificato 1 file.|Gli esaminatori hanno classificato {n} file.";
    conflicts: "1 file contradicts itself about its making.|{n} files contradict themselves about their making.",
        "1 file si contraddice sulla propria origine.|{n} file si contraddicono sulla propria origine.";

    unread: "What could not be read, or was not looked at?", "Che cosa non si è potuto leggere o non è stato esaminato?";
    no_unread: "Everything that was found could be read.", "Tutto ciò che è stato trovato è stato letto.";
    reason: "Reason", "Motivo";
    out_of_time: "The time given to the scan was used up before these.", "Il tempo assegnato è scaduto prima di questi.";
    stopped: "The scan was stopped before these.", "La scansione è stata interrotta prima di questi.";
    other_reasons: "1 other reason|{n} other reasons", "1 altro motivo|altri {n} motivi";
    skipped: "Paths that were not opened", "Percorsi non aperti";
    low_detail: "Pictures too plain for a near match: compared by digest only", "Immagini senza dettagli per il confronto di somiglianza: solo impronte hash";
    never: "Never examined:", "Mai esaminati:";
    never_means: "deleted, unallocated and carved data; encrypted content; what lists do not hold. What was not read was not compared, and may be anything.",
        "dati cancellati, spazio non allocato e file recuperabili con il carving; contenuti cifrati; ciò che gli elenchi non contengono. Ciò che non è stato letto non è stato confrontato e può essere qualsiasi cosa.";

    check: "How can it be checked?", "Come si verifica?";
    check_means: "Each file and each step is an entry of a signed ledger: {entries} entries, with the root below. “Chain of custody” has the signed checkpoint and the two commands.",
        "Ogni file e ogni passo è una voce di un registro firmato: {entries} voci, con la radice qui sotto. In «Catena di custodia» il punto di controllo firmato e i due comandi.";
    root: "Root", "Radice";

    page_of: "Page {page} of {pages}", "Pagina {page} di {pages}";
}
