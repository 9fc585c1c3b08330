"""Parameters of links that say where a reader came from, not what he reads: data, each group with its source.

Sources: [M] Miniflux internal/reader/urlcleaner/urlcleaner.go, [A] AdGuard filters TrackParamFilter/sections/
general_url.txt, [S] the publishers named beside them. Parameters that often name the article itself (`p`, `id`, `v`,
`article`, `page`, `story`, `aid`, `nid`, `tid`, `cid`, `q`, `lang`, tokens and signatures) are never here. Names are
compared in lower case.
"""

PREFIXES = ("utm_", "mtm_", "pk_", "hsa_", "itm_", "cm_mmc", "dpg_", "adjust_", "ns_")  # [M], two [A], BBC [S]

META = """fbclid fb_action_ids fb_action_types fb_ref fb_source fb_comment_id action_object_map action_ref_map
 action_type_map igshid ttclid"""  # [M] [A]
GOOGLE = "gclid dclid gbraid wbraid gclsrc srsltid _ga _gl usqp gps_adid gci"  # [M] [A]
PORTALS = "msclkid twclid yclid ysclid ymid _openstat guccounter guce_referrer guce_referrer_sig"  # [M] [A]
MAIL = """mc_cid mc_eid mc_tc _hsenc _hsmi __hssc __hstc __hsfp hsctatracking mkt_tok vero_id vero_conv oly_anon_id
 oly_enc_id wickedid _bhlid ml_subscriber ml_subscriber_hash _kx _io_session_id __io_lv bsft_clkid bsft_eid bsft_mid
 bsft_uid bsft_aaid bsft_ek user_email_address mindbox-click-id mindbox-message-key _clde _cldee vc_lpp"""  # [M] [A]
ADVERTS = """irclickid ir_campaignid ir_adid ir_partnerid irgwc sscid tduid awc rb_clickid admitad_uid erid cmpid
 sc_cid s_cid wt_mc xtor oprtrack maf ebisadid _sgm_campaign _sgm_source _sgm_action cx_click cx_recsorder
 cx_recswidget cm_me cm_cr _branch_match_id _branch_referrer __readwiselocation campaign_medium
 campaign_name campaign_source campaign_term campaign_content hmb_campaign hmb_medium hmb_source"""  # [M] [A]
AUDIENCE = """at_medium at_campaign at_custom1 at_custom2 at_custom3 at_custom4 at_bbc_team at_link_id at_link_origin
 at_link_type at_format at_ptr_name at_campaign_type ito smid ocid"""  # [S] BBC, Daily Mail, New York Times, MSN
EXACT = frozenset(f"{META} {GOOGLE} {PORTALS} {MAIL} {ADVERTS} {AUDIENCE}".split())

# They say where a reader came from by a word; by a number they name a fund-raiser's page, a shop's, a company's.
WORDY = frozenset(["partner", "cmp", "campaign_id"])

# How a page is shown, by these values only: `?view=print` shows the article that `?view=7` may be.
SHOWN = {
    **dict.fromkeys(("amp", "print", "showcomments", "share", "rss"), frozenset(("", "1", "true", "yes", "on"))),
    **dict.fromkeys(("output", "outputtype", "view", "mode"), frozenset(["amp", "print", "rss", "mobile"])),
    **dict.fromkeys(("feed", "from", "src", "source", "via", "ref"), frozenset(["rss", "atom", "feed"])),
}
