//! Pure table: the words that templates and drawings print, in English and in Italian.
//!
//! `{name}` is filled in, `one|{n} many` gives both forms.

words! {
    /// Words that the templates and drawings print.
    Words, EN, IT;

    decimal_mark: ".", ",";
    title: "Scan report", "Rapporto di scansione";
    subtitle: "First look at seized or handed-over media: what lists know, what is near to it, and what nobody knows yet.",
        "Primo esame di supporti sequestrati o consegnati: ciò che gli elenchi conoscono, ciò che vi somiglia e ciò che nessuno conosce ancora.";
    footer: "Everything in this report is a finding of a machine. It becomes evidence only when a named person has confirmed it.",
        "Tutto ciò che compare in questo rapporto è un rilevamento automatico. Acquista valore solo quando una persona identificata lo ha confermato.";
    skip_to_content: "Skip to the content", "Vai al contenuto";
    contents: "Sections", "Sezioni";
    nav_custody: "Chain of custody", "Catena di custodia";
    nav_charts: "Charts", "Grafici";
    nav_material: "Material", "Materiale";
    nav_new: "New groups", "Gruppi nuovi";
    nav_queue: "First", "Per primo";
    nav_provenance: "Making", "Origine";
    nav_devices: "Devices", "Dispositivi";
    nav_findings: "Known and near", "Noti e simili";
    nav_files: "All files", "Tutti i file";
    nav_unread: "Not read", "Non letti";
    nav_lists: "Lists", "Elenchi";
    nav_trust: "Checks", "Controlli";

    files: "1 file|{n} files", "1 file|{n} file";
    pictures: "1 picture|{n} pictures", "1 immagine|{n} immagini";
    holds_no_picture: "This report holds no picture and loads nothing.",
        "Questo rapporto non contiene immagini e non carica nulla dall’esterno.";
    holds_thumbnails: "This report holds 1 small, grey, blurred thumbnail, hidden until you ask for it.|This report holds {n} small, grey, blurred thumbnails, hidden until you ask for them.",
        "Questo rapporto contiene 1 miniatura grigia e sfocata, nascosta finché non la si richiede.|Questo rapporto contiene {n} miniature grigie e sfocate, nascoste finché non le si richiede.";
    show_thumbnails: "Show the grey blurred thumbnails", "Mostra le miniature grigie e sfocate";
    thumbnails_need_script: "They are shown only with scripts enabled.", "Si possono mostrare solo con gli script attivi.";

    known: "Known", "Noto";
    near: "Near", "Simile";
    known_good: "Known-good mark", "Innocuo noto";
    new: "New", "Nuovo";
    failed: "Failed", "Non letto";
    known_short: "known", "noti";
    near_short: "near", "simili";
    known_means: "A digest of the file stands in a list.", "Un’impronta hash del file compare in un elenco.";
    near_means: "The picture’s signal is near one in a list. Look before you rely on it.",
        "L’impronta percettiva dell’immagine è vicina a una in elenco. Da verificare a vista.";
    known_good_means: "A digest stands in a known-good list only. A mark, not a verdict.",
        "L’impronta compare solo in un elenco di file innocui. Un’annotazione, non un giudizio.";
    new_means: "Nothing is known of it. An unidentified victim may be here.",
        "Non se ne sa nulla. Qui può esserci una vittima non identificata.";
    failed_means: "Could not be read or decoded. It may be anything.",
        "Non è stato possibile leggerlo o decodificarlo. Può essere qualsiasi cosa.";

    self_test_failed: "Self-test failed: do not rely on this report", "Autoverifica fallita: non fare affidamento su questo rapporto";
    self_test_failed_means: "Planted test material was not handled as it must be, so known content may have been missed. Repeat the scan with a sound installation before any decision.",
        "Il materiale di prova inserito nella scansione non è stato trattato come dovuto: contenuti noti possono essere sfuggiti. Ripetere la scansione con un’installazione integra prima di qualsiasi decisione.";
    stopped: "Stopped early.", "Interrotta prima della fine.";
stopped_means: "The scan did not reach the end of the material. What it did not come to is named under 5. Resume it to finish.",
        "La scansione non ha raggiunto la fine del materiale. Ciò a cui non è arrivata è indicato al punto 5. Riprenderla per completarla.";
    outcomes_title: "Files by outcome", "File per esito";
    outcomes_note: "A part that is not zero is drawn wide enough to be seen.", "Una parte diversa da zero è disegnata abbastanza larga da essere visibile.";
    outcomes_caption: "All files by outcome; the digits are those of the tiles. Every file has exactly one outcome. Very small parts are drawn wider than they are.",
        "Tutti i file per esito; le cifre sono quelle dei riquadri. Ogni file ha un solo esito. Le parti molto piccole sono disegnate più larghe del vero.";
    self_test: "Self-test", "Autoverifica";
    passed: "passed", "superata";
    not_passed: "failed", "fallita";
    not_run: "not recorded", "non registrata";
    checks: "1 check|{n} checks", "1 controllo|{n} controlli";
    self_test_means: "with planted test patterns, in this very run.", "con immagini di prova inserite in questa stessa scansione.";
    lists: "Lists", "Elenchi";
    no_list_means: "No list was given: nothing could be known or near.", "Nessun elenco fornito: nulla poteva risultare noto o simile.";
    protection: "Decoder protection", "Protezione del decodificatore";
    level_full: "full", "completa";
    level_partial: "partial", "parziale";
    level_process_only: "process only", "solo processo separato";
    material_title: "Material examined", "Materiale esaminato";
    material_lead: "What was handed over, as it was given. A folder is fixed by the digests of its files, in items.jsonl; a file by its own.",
        "Ciò che è stato consegnato, così come indicato. Una cartella è fissata dalle impronte hash dei suoi file, in items.jsonl; un file dalle proprie.";
    threads_used: "Threads", "Thread";
    pictures_title: "Pictures by content", "Immagini (in base al contenuto)";
    archives_opened: "Archives opened", "Archivi aperti";
    inside_archives: "Files inside archives", "File negli archivi";
    exact_duplicates: "Exact copies of another file", "Copie esatte di altri file";
    low_detail: "Too plain for a near match", "Senza dettagli per il confronto di somiglianza";
    known_good_marks: "Known-good marks, any outcome", "Annotazioni «innocuo noto», qualunque esito";
    remarks_title: "Read the results with this in mind", "Da tenere presente nella lettura dei risultati";

    charts_title: "Charts", "Grafici";
    types_title: "File types, by content", "Tipi di file, in base al contenuto";
    other_types: "1 other type|{n} other types", "1 altro tipo|{n} altri tipi";
    no_files: "The scan found no file.", "La scansione non ha trovato file.";
    months_title: "New pictures by the month they state", "Immagini nuove per mese dichiarato";
    months_desc: "From {from} to {to}; the highest column stands for {most}.", "Da {from} a {to}; la colonna più alta vale {most}.";
    months_caption: "The time is what the file says of itself; clocks are often wrong and easily changed.",
        "La data è quella dichiarata dal file stesso: gli orologi sbagliano spesso e si modificano facilmente.";
    by_year: "By year, because the months are too many to draw.", "Per anno, perché i mesi sono troppi da disegnare.";
    no_dates: "No new picture states when it was taken.", "Nessuna immagine nuova dichiara quando è stata scattata.";
    undated: "1 new picture states no time.|{n} new pictures state no time.", "1 immagine nuova non dichiara alcuna data.|{n} immagini nuove non dichiarano alcuna data.";
    numbers: "Numbers", "Valori";
    categories_title: "Known and near, by category", "Noti e simili, per categoria";
    categories_note: "Solid: known. Striped: near. Category codes are the list’s own; not translated. The same code means different things in different schemes.",
        "Pieno: noti. A strisce: simili. I codici di categoria sono quelli dell’elenco, non tradotti. Lo stesso codice ha significati diversi in schemi diversi.";
    category_desc: "{code}: {known} known, {near} near", "{code}: {known} noti, {near} simili";
    no_categories: "No known or near file has a category.", "Nessun file noto o simile ha una categoria.";
    col_type: "Type", "Tipo";
    col_share: "Share", "Quota";
    col_files: "Files", "File";
    col_size: "Size", "Dimensione";
    col_scheme: "Scheme", "Schema";
    col_code: "Code", "Codice";

    groups_title: "New pictures, largest groups first", "Immagini nuove, a partire dai gruppi più numerosi";
    groups_lead: "Pictures that no list knows and that look alike to the machine. A series of one place or one person often stands in one group, and one device often in several. Start here.",
        "Immagini che nessun elenco conosce e che per la macchina si somigliano. Una serie dello stesso luogo o della stessa persona sta spesso in un gruppo, uno stesso dispositivo spesso in più gruppi. Iniziare da qui.";
    no_new_pictures: "There is no new picture.", "Non ci sono immagini nuove.";
    no_groups: "No two new pictures look alike: there is no group. They all stand under “All files”.",
        "Non ci sono immagini nuove simili tra loro, quindi nessun gruppo. Sono tutte elencate in «Tutti i file».";
    group: "Group", "Gruppo";
    distinct: "1 distinct content|{n} distinct contents", "1 contenuto distinto|{n} contenuti distinti";
    taken: "Taken, as stated", "Scatto dichiarato";
    devices: "Devices", "Dispositivi";
    dimensions: "Dimensions", "Dimensioni in pixel";
    spread: "Spread", "Dispersione";
    spread_bits: "up to {bits} bits from its middle", "fino a {bits} bit dal centro";
    quality_from: "quality {quality} or more", "qualità da {quality} in su";
    not_stated: "not stated", "non dichiarato";
    grid_title: "Signal of the picture the group stands around", "Impronta percettiva dell’immagine centrale del gruppo";
    grid_desc: "16 by 16 bits. Bit k stands in row k/16 from the top and column k mod 16 from the left; the hexadecimal text prints bit 255 first. It shows no content.",
        "16 per 16 bit. Il bit k è nella riga k/16 dall’alto e nella colonna k mod 16 da sinistra; il testo esadecimale inizia dal bit 255. Non mostra alcun contenuto.";
    no_grid: "no signal", "nessuna impronta";
    members: "The file|The {n} files", "Il file|I {n} file";
    member_elsewhere: "see items.jsonl", "vedi items.jsonl";
    more_members: "One more stands in summary.json.|{n} more stand in summary.json.", "Un altro è in summary.json.|Altri {n} sono in summary.json.";
    more_groups: "One smaller group stands in summary.json.|{n} smaller groups stand in summary.json.", "Un gruppo più piccolo è in summary.json.|{n} gruppi più piccoli sono in summary.json.";
    group_in_table: "Show in the table of all files", "Mostra nella tabella di tutti i file";

    devices_title: "Capture devices", "Dispositivi di ripresa";
    devices_lead: "What pictures say of the device that made them. It is a claim of the file, easily lost and easily changed.",
        "Ciò che le immagini dichiarano del dispositivo che le ha prodotte. È una dichiarazione del file, facile da perdere e da alterare.";
    no_devices: "No picture names a device.", "Nessuna immagine indica un dispositivo.";
    col_device: "Device", "Dispositivo";
    col_ties: "What it ties", "Che cosa collega";
    col_all_pictures: "All pictures", "Tutte le immagini";
    known_or_near: "Known or near", "Noti o simili";
    one_device: "serial number: ties to one device", "numero di serie: riconduce a un solo dispositivo";
    model_only: "model only: many devices", "solo modello: molti dispositivi";
    more_devices: "One more stands in summary.json.|{n} more stand in summary.json.", "Un altro è in summary.json.|Altri {n} sono in summary.json.";
    serial: "serial", "n. di serie";

    findings_title: "Known and near files", "File noti e simili";
    findings_lead: "Each line is a finding: a file and the list entry that it equals or comes near. A near match says also how the file had to be turned. A person has to look and confirm.",
        "Ogni riga è un rilevamento: un file e la voce d’elenco con cui coincide o a cui si avvicina. Per le somiglianze è indicato anche come il file è stato ruotato. Una persona deve verificare e confermare.";
    no_findings: "No file equals or comes near an entry of the lists.", "Nessun file coincide con una voce degli elenchi o vi si avvicina.";
    col_outcome: "Outcome", "Esito";
    col_file: "File", "File";
    col_entry: "List entry", "Voce d’elenco";
    col_category: "Category", "Categoria";
    col_how: "How they compare", "Corrispondenza";
    row: "row {n}", "riga {n}";
    key: "key", "chiave";
    none_given: "none given", "non indicata";
    no_entry: "the entry stands in items.jsonl", "la voce è in items.jsonl";
    more_entries: "and one more entry|and {n} more entries", "e un’altra voce|e altre {n} voci";
    more_findings: "One more stands under “All files” and in items.jsonl.|{n} more stand under “All files” and in items.jsonl.",
        "Un altro è in «Tutti i file» e in items.jsonl.|Altri {n} sono in «Tutti i file» e in items.jsonl.";
    same_digest: "same {digest}", "stessa impronta {digest}";
    bits_differ: "{bits} of {all} bits differ", "{bits} bit diversi su {all}";
    turned_90: "turned 90° counter-clockwise", "ruotata di 90° in senso antiorario";
    turned_180: "turned 180°", "ruotata di 180°";
    turned_270: "turned 90° clockwise", "ruotata di 90° in senso orario";
    flipped_x: "mirrored top to bottom", "specchiata dall’alto in basso";
    flipped_y: "mirrored left to right", "specchiata da sinistra a destra";
    flipped_plus_1: "turned 90° and mirrored (at the main diagonal)", "ruotata di 90° e specchiata (diagonale principale)";
    flipped_minus_1: "turned 90° and mirrored (at the other diagonal)", "ruotata di 90° e specchiata (altra diagonale)";

    part_frame: "frame {number}, at {time}", "fotogramma {number}, a {time}";
    part_thumbnail: "embedded thumbnail", "miniatura incorporata";
    film_shares: "vPDQ, {exhibit} % of its frames have a partner in the entry, and {entry} % of the entry’s in it",
        "vPDQ, il {exhibit} % dei suoi fotogrammi ha un corrispondente nella voce, e il {entry} % di quelli della voce nel file";
    explain: "How this finding came to be", "Come è nato questo rilevamento";
    finding: "Finding", "Rilevamento";
    rule: "Rule", "Regola";
    rule_version: "{rule}, version {version}", "{rule}, versione {version}";
    input_file: "file, SHA-256", "file, SHA-256";
    input_list: "list, SHA-256", "elenco, SHA-256";
    state_open: "open: nobody has confirmed or dismissed it", "aperto: nessuno lo ha confermato o respinto";
    state_confirmed: "confirmed by {who}, {when}", "confermato da {who}, {when}";
    state_dismissed: "dismissed by {who}, {when}", "respinto da {who}, {when}";
    others_title: "Findings about no list", "Rilevamenti non legati a un elenco";
    others_lead: "Something in the file itself calls for a look. It changes neither the outcome of the file nor its place in any order.",
        "Qualcosa nel file stesso richiede un controllo. Non cambia né l’esito del file né il suo posto in alcun ordine.";
    claim: "What it claims", "Che cosa afferma";
    claim_thumbnail_differs: "The embedded thumbnail shows something else than the picture: {bits} of 256 bits differ.",
        "La miniatura incorporata mostra altro rispetto all’immagine: {bits} bit diversi su 256.";
    claim_provenance_conflict: "What the file says of its own making contradicts itself.", "Ciò che il file dichiara della propria origine si contraddice.";
    more_others: "One more stands in items.jsonl.|{n} more stand in items.jsonl.", "Un altro è in items.jsonl.|Altri {n} sono in items.jsonl.";

    files_title: "All files", "Tutti i file";
    files_lead: "Known first, then near, failed, new and known-good. Open a row for its digests, signals, capture data and list entries.",
        "Prima i noti, poi i simili, i non letti, i nuovi e gli innocui noti. Aprire una riga per impronte, dati di ripresa e voci d’elenco.";
    rows_left_out: "This page carries {shown} rows; one more file stands in items.jsonl.|This page carries {shown} rows; {n} more files stand in items.jsonl.",
        "Questa pagina contiene {shown} righe; un altro file è in items.jsonl.|Questa pagina contiene {shown} righe; altri {n} file sono in items.jsonl.";
    search: "Search", "Cerca";
    search_hint: "Path, digest, device, key …", "Percorso, impronta, dispositivo …";
    filter_outcome: "Outcomes shown", "Esiti mostrati";
    all_types: "all", "tutti";
    keys: "Keys", "Tasti";
    needs_script: "Scripts are off: this table shows the first {n} rows. Every file stands in items.jsonl.",
        "Gli script sono disattivati: la tabella mostra le prime {n} righe. Tutti i file sono in items.jsonl.";
    print_cut: "In print this table stops after {n} rows, and closed lists stay closed. Every file stands in items.jsonl.",
        "Nella stampa la tabella si ferma a {n} righe e gli elenchi chiusi restano chiusi. Tutti i file sono in items.jsonl.";
    previous: "Previous", "Precedenti";
    next: "Next", "Successive";
    col_pixels: "Pixels", "Pixel";

    unread_title: "What could not be read", "Che cosa non è stato possibile leggere";
    unread_lead: "These files and folders were not compared with the lists as they should be. They may hold anything: damaged, encrypted, locked or built to resist reading.",
        "Questi file e cartelle non sono stati confrontati con gli elenchi come dovuto. Possono contenere qualsiasi cosa: danneggiati, cifrati, bloccati o costruiti per resistere alla lettura.";
    failures_title: "Files that failed", "File non letti";
    no_failures: "No file failed.", "Nessun file non letto.";
    failures_note: "A file that failed to decode but whose digest stands in a list counts here by its reason and above as known.",
        "Un file non decodificato la cui impronta compare in un elenco è contato qui per il motivo e sopra come noto.";
    failed_paths: "Its path|{n} paths", "Il percorso|{n} percorsi";
    more_failed: "One more stands in items.jsonl.|{n} more stand in items.jsonl.", "Un altro è in items.jsonl.|Altri {n} sono in items.jsonl.";
    skipped_title: "Paths that were not opened", "Percorsi non aperti";
    no_skipped: "No path was skipped.", "Nessun percorso saltato.";
    more_skipped: "One more stands in summary.json.|{n} more stand in summary.json.", "Un altro è in summary.json.|Altri {n} sono in summary.json.";
    not_examined_title: "Not looked at", "Non esaminati";
    not_examined_budget: "The time given to this scan was used up before it had come to these files. Nothing is known of them: they are neither clean nor suspect. What their names say was not checked.",
        "Il tempo assegnato alla scansione è scaduto prima di arrivare a questi file. Non se ne sa nulla: né che siano innocui né che siano sospetti. Quanto dicono i nomi non è stato verificato.";
    not_examined_stopped: "The scan was stopped before it had come to these files. Nothing is known of them: they are neither clean nor suspect. What their names say was not checked.",
        "La scansione è stata interrotta prima di arrivare a questi file. Non se ne sa nulla: né che siano innocui né che siano sospetti. Quanto dicono i nomi non è stato verificato.";
    col_by_name: "By name", "Secondo il nome";
    col_folder: "Folder", "Cartella";
    named_picture: "Pictures", "Immagini";
    named_film: "Films", "Filmati";
    named_container: "Archives and disk images", "Archivi e immagini disco";
    named_other: "Others", "Altri";
    more_folders: "One more folder is in the sum.|{n} more folders are in the sum.", "Un’altra cartella è compresa nel totale.|Altre {n} cartelle sono comprese nel totale.";
    col_reason: "Reason", "Motivo";
    col_path: "Path", "Percorso";

    lists_title: "Lists used", "Elenchi utilizzati";
    lists_lead: "What was compared, from whom and of what date. Withdrawn entries were not looked up; rejected rows could not be used.",
        "Che cosa è stato confrontato, da chi proviene e di quale data. Le voci ritirate non sono state consultate; le righe scartate non erano utilizzabili.";
    col_list: "List", "Elenco";
    col_role: "Use", "Uso";
    role_alert: "alert", "segnalazione";
    role_known_good: "known good", "innocui noti";
    col_source: "Source", "Fonte";
    col_dated: "Date", "Data";
    col_entries: "Entries", "Voci";
    col_withdrawn: "Withdrawn", "Ritirate";
    col_rejected: "Rejected", "Scartate";
    col_matched: "Files matched", "File corrispondenti";
    truncated: "Cut off.", "Troncato.";
    truncated_means: "The file ends in the middle of an entry: entries are missing, and files they would match count as new.",
        "Il file termina a metà di una voce: mancano voci, e i file corrispondenti risultano nuovi.";
    first_row_errors: "Rows that could not be used, the first of them:", "Prime righe non utilizzabili:";

    trust_title: "Checks and limits", "Controlli e limiti";
    no_checks: "No check was recorded: nobody can tell whether known content would have been found.",
        "Nessun controllo registrato: non si può dire se un contenuto noto sarebbe stato trovato.";
    protection_lead: "Files are decoded in a separate process. These fences stood around it:",
        "I file sono decodificati in un processo separato. Barriere attive intorno ad esso:";
    in_force: "in force", "attiva";
    absent: "absent", "assente";
    landlock: "No file can be opened by name (Landlock)", "Nessun file può essere aperto per nome (Landlock)";
    seccomp: "Only the system calls that decoding needs (seccomp)", "Solo le chiamate di sistema necessarie alla decodifica (seccomp)";
    rlimits: "Memory, files and processes are capped (rlimits)", "Memoria, file e processi limitati (rlimits)";
    no_new_privs: "No privilege can be gained (no_new_privs)", "Nessun privilegio acquisibile (no_new_privs)";
    limits_title: "Limits in force", "Limiti applicati";
    no_limits: "No limit was recorded.", "Nessun limite registrato.";
    col_limit: "Limit", "Limite";
    col_value: "Value", "Valore";
    col_why: "Why", "Motivo";
    ledger_title: "Chain of custody", "Catena di custodia";
    ledger_lead: "Each exhibit and each step of this scan is an entry of an append-only ledger. The signed checkpoint fixes all entries up to its size: nothing before it can be changed or removed unseen. The ledger holds digests and ids, never personal data.",
        "Ogni reperto e ogni passo di questa scansione è una voce di un registro a sola aggiunta. Il punto di controllo firmato fissa tutte le voci fino alla sua dimensione: nulla di precedente può essere modificato o rimosso senza che si veda. Il registro contiene impronte e identificativi, mai dati personali.";
    ledger_origin: "Log", "Registro";
    ledger_size: "Entries", "Voci";
    ledger_root: "Root", "Radice";
    checkpoint: "Signed checkpoint", "Punto di controllo firmato";
    how_verify: "checks every entry against the signed checkpoints, in the workspace.", "verifica ogni voce rispetto ai punti di controllo firmati, nell’area di lavoro.";
    how_export: "writes what another party needs to check the same offline.", "scrive ciò che serve a terzi per la stessa verifica, senza rete.";

    key_search: "search", "cerca";
    key_outcomes: "show or hide an outcome", "mostra o nasconde un esito";
    key_rows: "move between rows", "si sposta tra le righe";
    key_open: "open or close a row", "apre o chiude una riga";
    key_pages: "turn the page, with a row in focus", "cambia pagina, con una riga selezionata";
    key_escape: "hide thumbnails, clear the search", "nasconde le miniature, azzera la ricerca";
    key_help: "this help", "questo aiuto";
    keys_on: "Single keys are on", "Tasti singoli attivi";
    close: "Close", "Chiudi";
}
