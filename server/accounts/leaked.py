"""Passwords that many people chose, as lists of leaked ones show, and that nothing else here finds too easy.

Of the 30,000 commonest in the frequency lists of zxcvbn (see NOTICE): those of 12 characters or more.
"""

from __future__ import annotations

LEAKED = frozenset(
    (
        "010203040506 014702580369 01telemike01 102030405060 123321456654 123321qweewq 123456654321 "
        "1234567887654321 12345678987654321 123456789987654321 1234qwerasdf 1234qwerasdfzxcv 123qwe456rty "
        "123qweasdzxc 12qw34er56ty 159753456852 1a2s3d4f5g6h 1q2w3e4r5t6y 1qa2ws3ed4rf 1qa2ws3ed4rf5tg "
        "1qaz2wsx3edc 1qaz2wsx3edc4rfv 1qazxsw23edc 1qazxsw23edcvfr4 23176djivanfros 31217221027711 32615948worms "
        "41d8cd98f00b 4815162342lost 59382113kevinp 742617000027 89231243658s 89876065093rax a1s2d3f4g5h6 "
        "admin18533362 amadeusptfcor an83546921an13 andrewjackie antananarivu auckland2010 avrillavigne "
        "bltynbabrfwbz boy4u2ownnyc bpgjldsgjldthnf businessbabe chickenwing101 christopher1 cjdthitycndj "
        "combat123654 contortionist corperfmonsy counterstrike devilmaycry4 digitalprodu dkflbvbhjdbx dkflbvbhjdyf "
        "domainlock2005 finalfantasy fkmnthyfnbdf fktrcfylhjdbx fktrcfylhjdf fktrcfylhjdyf flvbybcnhfnjh "
        "frederiksberg fucktheworld fuckyoubitch fynfyfyfhbde gfhjkmgfhjkm ghbdtnghbdtn ghbdtnrfrltkf ghhh47hj7649 "
        "ghjcnjgbpltw ghjcnjgfhjkm ghjcnjghjcnj ghjcnjqgfhjkm ghjcnjrdfibyj ghjnbdjcnjzybt gjkysqgbpltw "
        "greenlantern gtnhjpfdjlcr hd764nw5d7e1vb1 hedimaptfcor iampurehaha2 iloveboobies ilovemyfamily "
        "ingodwetrust installdevic installsqlst iseedeadpeople jamesbond007 justinbieber leavemealone "
        "lhbjkjubz2957704 lost4815162342 lytghjgtnhjdcr mailcreated5240 maprchem56458 massimiliano masterbaiting "
        "masterbating masturbation maurolarastefy mevefalkcakk michaeljackson minecraft123 minnesota_hp "
        "momsanaladventure morganstanley mortalkombat msorcloledbr needforspeed nemvxyheqdd5oqxyxyzi networkingpe "
        "newproject2004 nhecsyfujkjdt nhfdvfnjkju123 nhfycajhvths nightcrawler nondriversig olcrackmaster "
        "ontheoutside p030710p$e4o paraklast1974 passwordstandard peanutbutter playstation2 playstation3 "
        "polniypizdec0211 polniypizdec110211 pornographic ptybnxtvgbjy punksnotdead q1w2e3r4t5y6 q1w2e3r4t5y6u7 "
        "q1w2e3r4t5y6u7i8 q1w2e3r4t5y6u7i8o9p0 qawsedrftgyh qaz123wsx456 qazwsxedc123 qazwsxedcrfv qazwsxedcrfvtgb "
        "qazxswedc123 qazxswedcvfr qwaszxerdfcv qweasdzxc123 qwerasdfzxcv qwertasdfgzxcvb qwertyytrewq "
        "residentevil rfnthbyf1988 sanfrancisco saun24865709 schoolgirlie seemnemaailm sojdlg123aljg sonnenschein "
        "sonyericsson specialinsta stickdaddy77 stinkyfinger stratocaster systemofadown thecakeisalie ticketmaster "
        "vanyarespekt vfhbyfvfhbyf vfrcbvvfrcbv vfvfvskfhfve vladimirovna warhammer40k wazzkaprivet websolutions "
        "websolutionssu webuivalidat weihnachtsbau weihnachtsbaum whosyourdaddy z1x2c3v4b5n6m7 zaq1xsw2cde3 "
        "zaqwsxcderfv zcfvfzkexifz zqjphsyf6ctifgu zxcasdqwe123 "
    ).split()
)
